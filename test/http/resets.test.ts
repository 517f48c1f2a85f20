// A peer that resets at every stage of an exchange: what stood on the connection ends, once, and
// nothing of it is left.
import { getRunningLoop, run, sleep } from 'oxbow';
import { ClientSession, Response, serve } from 'oxbow/http';
import { CONTROL_HANDLE_COUNT } from '#lib/native/layout.js';

import { withRaw } from './client-support.ts';
import { Peer } from './serve-support.ts';

const handles = (): number => getRunningLoop()._rings.control[CONTROL_HANDLE_COUNT]!;

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(0.001);
}

const REQUEST =
  'POST /a?b=c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n' +
  '3;x=y\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\nTrailer: t\r\n\r\n';

test.each([true, false])('of a request, to a server (answered early: %s)', (early) =>
  run(async () => {
    getRunningLoop().setExceptionHandler(() => {});
    const server = await serve({
      fetch: async (request) => new Response(early ? 'early' : await request.text()),
    });
    for (let stage = 0; stage <= REQUEST.length; stage++) {
      const peer = new Peer(server.port);
      await peer.send(REQUEST.slice(0, stage));
      peer.socket.resetAndDestroy();
    }
    await until(() => server.connections === 0);
    expect(handles()).toBe(1);
    const last = new Peer(server.port);
    await last.send(REQUEST);
    expect(await last.until((text) => /early|abc/.test(text))).toMatch(/^HTTP\/1\.1 200 /);
    last.close();
    server.close();
    await server.waitClosed();
    await until(() => handles() === 0);
  }),
);

const ANSWERS: Array<[string, string]> = [
  ['of a known length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: y\r\n\r\nhello'],
  [
    'in chunks',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n',
  ],
];

test.each(ANSWERS)('of an answer %s, to a client', (_kind, answer) => {
  let stage = 0;
  return withRaw(
    (socket) => {
      socket.once('data', () => {
        const now = stage;
        socket.write(answer.slice(0, now), 'latin1', () => {
          if (now < answer.length) socket.resetAndDestroy();
        });
      });
    },
    async (url) => {
      const session = new ClientSession({ timeout: null });
      const ask = async (): Promise<string> =>
        (await session.post(url, { body: 'a body', headers: { Connection: 'close' } })).text();
      for (; stage < answer.length; stage++) {
        const error = await ask().catch((reason: Error) => reason);
        // A head of which all has come is an answer; its body is what fails.
        expect([stage, error instanceof Error]).toEqual([stage, true]);
      }
      expect(await ask()).toBe('hello');
      await session.close();
      await until(() => handles() === 0);
    },
  );
});
