// The time limits of a session's requests share a timer, what they send shares its text, and where
// they go its taken-apart URL: none may get what is another's.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import { createTask, getRunningLoop, sleep } from 'oxbow';
import { ClientSession, ServerTimeoutError, serve } from 'oxbow/http';
import { runVirtual } from 'oxbow/testing';
import { withRaw } from './client-support.ts';

const failure = (awaitable: PromiseLike<unknown>): Promise<any> =>
  Promise.resolve(awaitable).then(
    () => undefined,
    (error) => error,
  );

/** A server in simulated time: `/N` answers after N seconds. */
async function answering(body: (url: string) => Promise<void>): Promise<void> {
  await runVirtual(async () => {
    const server = await serve({
      port: 0,
      fetch: async (request: { path: string }) => {
        await sleep(Number(request.path.slice(1)));
        return new Response('ok');
      },
    });
    await body(server.url);
    await server.close();
  });
}

test('each total counts from its own call', () =>
  answering(async (url) => {
    const loop = getRunningLoop();
    const session = new ClientSession({ timeout: 10 });
    const begun = loop.time();
    const ends: Array<[path: string, ended: number, timedOut: boolean]> = [];
    const ask = async (path: string, after: number): Promise<void> => {
      await sleep(after);
      const error = await failure(session.get(new URL(path, url)));
      ends.push([path, loop.time() - begun, error instanceof ServerTimeoutError]);
    };
    const asked = [ask('/100', 0), ask('/5', 1), ask('/101', 2), ask('/8', 3), ask('/102', 4)].map(
      (each) => createTask(each),
    );
    for (const each of asked) await each;
    const told = ends.map(([path, ended, timedOut]) => [path, Math.round(ended * 1000), timedOut]);
    expect(told).toEqual([
      ['/5', 6000, false],
      ['/100', 10000, true],
      ['/8', 11000, false],
      ['/101', 12000, true],
      ['/102', 14000, true],
    ]);
    await session.close();
  }));

test('a limit of its own does not count for others', () =>
  answering(async (url) => {
    const session = new ClientSession({ timeout: 10 });
    const long = failure(session.get(new URL('/20', url), { timeout: 30 }));
    const usual = failure(session.get(new URL('/21', url)));
    const short = failure(session.get(new URL('/22', url), { timeout: 1 }));
    expect(await short).toMatchObject({ message: 'not done within 1 s' });
    expect(await usual).toMatchObject({ message: 'not done within 10 s' });
    expect(await long).toBeUndefined();
    await session.close();
  }));

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** What a session sends, head by head. */
async function heads(
  body: (session: ClientSession, url: string) => Promise<void>,
): Promise<string[]> {
  const sent: string[] = [];
  await withRaw(
    (socket) => {
      let text = '';
      socket.on('data', (piece) => {
        text += String(piece);
        for (let end; (end = text.indexOf('\r\n\r\n')) >= 0; text = text.slice(end + 4)) {
          sent.push(text.slice(0, end));
          end += Number(/content-length: (\d+)/.exec(text)?.[1] ?? 0);
          socket.write(OK);
        }
      });
    },
    async (url) => {
      const session = new ClientSession({ headers: { 'x-all': '1' } });
      await body(session, url);
      await session.close();
    },
  );
  return sent;
}

test('a header that one request gets is not sent by the next', async () => {
  let nth = 0;
  const add = (message: any): void => {
    if (++nth === 2) {
      message.request.headers.set('x-added', 'a');
      message.request.headers.delete('x-all');
    }
  };
  const sent = await heads(async (session, url) => {
    subscribe('oxbow:client-request:start', add);
    try {
      for (let n = 0; n < 3; n++) await (await session.get(url)).text();
    } finally {
      unsubscribe('oxbow:client-request:start', add);
    }
    await (await session.get(url, { headers: { 'X-All': '2', accept: 'text/plain' } })).text();
    await (await session.post(url, { json: 1, headers: {} })).text();
    await (await session.get(url)).text();
  });
  const lines = sent.map((head) => head.split('\r\n'));
  expect(lines[1]).toContain('x-added: a');
  expect(lines[1]!.some((line) => line.startsWith('x-all'))).toBe(false);
  for (const n of [2, 5]) expect(sent[n]).toBe(sent[0]);
  expect(sent[0]).toMatch(/x-all: 1\r\naccept: \*\/\*/);
  expect(lines[3]).toEqual(expect.arrayContaining(['x-all: 2', 'accept: text/plain']));
  expect(lines[3]).not.toContain('accept: */*');
  expect(lines[4]).toContain('content-type: application/json');
});

test('credentials and parameters stay with the request that has them', async () => {
  const sent = await heads(async (session, url) => {
    const secret = url.replace('//', '//me:secret@');
    for (const each of [url, secret, url, secret]) await (await session.get(each)).text();
    await (await session.get(url, { params: { page: 2 } })).text();
    await (await session.get(url)).text();
    await (await session.get(`${url}a?b=1#c`)).text();
    expect((await session.get(`${url}a?b=1#c`)).url).toBe(`${url}a?b=1#c`);
  });
  const authorized = sent.map((head) => /^authorization: Basic bWU6c2VjcmV0$/m.test(head));
  expect(authorized).toEqual([false, true, false, true, false, false, false, false]);
  expect(sent.map((head) => head.split(' ')[1])).toEqual([
    '/',
    '/',
    '/',
    '/',
    '/?page=2',
    '/',
    '/a?b=1',
    '/a?b=1',
  ]);
});

test('no timer is left behind the last request', async () => {
  await heads(async (_session, url) => {
    const loop = getRunningLoop();
    const own = new ClientSession({ keepAliveTimeout: 0, timeout: 500 });
    for (let n = 0; n < 3; n++) await (await own.get(url)).text();
    const asked = [1, 2, 3].map(() => own.get(url));
    expect(loop.metrics().timers).toBe(1);
    for (const each of asked) await (await each).text();
    expect(loop.metrics().timers).toBe(0);
    await own.close();
  });
});
