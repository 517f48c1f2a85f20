// serve({ limits }): each server's own, also while a peer of another is in the middle of a head.
import { run } from 'oxbow';
import { Response, serve } from 'oxbow/http';
import { conversation, Peer } from './serve-support.ts';

const hello = (): Response => new Response('hello');

const fields = (count: number): string =>
  Array.from({ length: count }, (_, n) => `X-${n}: v\r\n`).join('');

const HALF = `GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${fields(100)}`;

test.each([
  ['fields', { headers: 2 }, fields(4)],
  ['head', { headSize: 128 }, fields(20)],
  ['line', { lineSize: 64 }, `X: ${'y'.repeat(100)}\r\n`],
])('a server with fewer %s changes nothing for a peer of another', (_name, limits, more) =>
  run(async () => {
    await using first = await serve({ fetch: hello });
    const peer = new Peer(first.port);
    await peer.send(HALF);
    while (first.connections === 0) await new Promise(setImmediate);
    await using second = await serve({ fetch: hello, limits });
    const refused = await conversation(second.port, `GET / HTTP/1.1\r\nHost: x\r\n${more}\r\n`);
    expect(refused).toMatch(/^HTTP\/1.1 431 /);
    await peer.send('Last: v\r\n\r\n');
    expect(await peer.untilClosed()).toMatch(/^HTTP\/1.1 200 [^]*hello$/);
    expect(
      await conversation(second.port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    ).toMatch(/^HTTP\/1.1 200 /);
  }),
);

test('a server that allows more says nothing about the others', () =>
  run(async () => {
    await using large = await serve({
      fetch: hello,
      limits: { lineSize: 20_000, headers: 1000 },
    });
    await using usual = await serve({ fetch: hello });
    const line = `GET /?${'q'.repeat(9000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n`;
    for (const text of [`${line}\r\n`, `${HALF}${fields(50)}\r\n`]) {
      expect(await conversation(large.port, text)).toMatch(/^HTTP\/1.1 200 /);
      expect(await conversation(usual.port, text)).toMatch(/^HTTP\/1.1 431 /);
    }
  }));
