// The client's connections: reuse, limits, turns, what happens when they break or take too long.
import type http from 'node:http';
import net from 'node:net';

import { AbortError, CancelledError, gather, getRunningLoop, run, sleep } from 'oxbow';
import type { Future } from 'oxbow';
import {
  ClientConnectionError,
  ClientConnectorError,
  ClientDNSError,
  ClientPayloadError,
  ClientSession,
  ServerDisconnectedError,
} from 'oxbow/http';
import type { ClientSessionOptions } from 'oxbow/http';
import { withNode, withRaw } from './client-support.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

async function withSession(
  options: ClientSessionOptions,
  body: (session: ClientSession) => Promise<void>,
): Promise<void> {
  const session = new ClientSession(options);
  try {
    await body(session);
  } finally {
    await session.close();
  }
  expect(session.connections).toBe(0);
}

const failure = (awaitable: PromiseLike<unknown>): Promise<any> =>
  Promise.resolve(awaitable).then(
    () => undefined,
    (error) => error,
  );

test('one connection serves one request after the other', () => {
  const ports = new Set<number>();
  return withNode(
    (request, response) => {
      ports.add(request.socket.remotePort!);
      response.end('ok');
    },
    (url) =>
      withSession({}, async (session) => {
        for (let n = 0; n < 20; n++) await (await session.get(url)).text();
        await (await session.head(url)).text();
        await (await session.get(url)).text();
        expect(ports.size).toBe(1);
        expect(session.connections).toBe(1);
      }),
  );
});

test('Connection: close is obeyed', () =>
  withNode(
    (_request, response) => void response.setHeader('connection', 'close').end('ok'),
    (url) =>
      withSession({}, async (session) => {
        expect(await (await session.get(url)).text()).toBe('ok');
        while (session.connections !== 0) await sleep(0);
      }),
  ));

test('the limit holds, and those who wait come in turn', () => {
  // Answers only to three at a time: more would show at once, fewer would hang.
  let asking: http.ServerResponse[] = [];
  const order: string[] = [];
  return withNode(
    (request, response) => {
      order.push(request.url!.slice(1));
      asking.push(response);
      if (asking.length < 3) return;
      const answered = asking;
      asking = [];
      setImmediate(() => {
        expect(asking).toHaveLength(0);
        for (const one of answered) one.end('ok');
      });
    },
    (url) =>
      withSession({ limit: 3 }, async (session) => {
        await gather(
          Array.from({ length: 30 }, (_, n) =>
            (async () => (await session.get(new URL(`/${n}`, url))).text())(),
          ),
        );
        for (let n = 0; n < 30; n += 3) {
          expect(
            order
              .slice(n, n + 3)
              .map(Number)
              .sort((a, b) => a - b),
          ).toEqual([n, n + 1, n + 2]);
        }
        expect(session.connections).toBe(3);
      }),
  );
});

test('limitPerHost: a busy host does not hold back another', () =>
  withNode(
    (request, response) => {
      if (request.url === '/quick') response.end('ok');
    },
    (url) =>
      withSession({ limitPerHost: 1 }, async (session) => {
        const stuck = [session.get(url), session.get(url)];
        const other = url.replace('127.0.0.1', 'localhost');
        expect(await (await session.get(new URL('/quick', other))).text()).toBe('ok');
        for (const task of stuck) task.cancel();
        for (const task of stuck) expect(await failure(task)).toBeInstanceOf(CancelledError);
        expect(await (await session.get(new URL('/quick', url))).text()).toBe('ok');
      }),
  ));

test('a cancelled wait for a connection loses no slot', () =>
  withNode(
    (request, response) => {
      if (request.url === '/quick') response.end('ok');
    },
    (url) =>
      withSession({ limit: 1 }, async (session) => {
        const quick = new URL('/quick', url);
        for (let n = 0; n < 5; n++) {
          const first = session.get(url);
          const second = session.get(quick);
          const third = session.get(quick);
          await sleep(0);
          first.cancel();
          await failure(first);
          second.cancel();
          expect(await (await third).text()).toBe('ok');
        }
      }),
  ));

test('a kept connection that the server closed is replaced, once, for idempotent methods', () =>
  withRaw(
    (socket, connections) => {
      let requests = 0;
      socket.on('data', () => {
        requests += 1;
        if (requests === 2 && connections !== 3) socket.destroy();
        else socket.write(OK);
      });
    },
    (url) =>
      withSession({}, async (session) => {
        expect(await (await session.get(url)).text()).toBe('ok');
        expect(await (await session.get(url)).text()).toBe('ok');
        expect(await failure(session.post(url, { body: 'x' }))).toBeInstanceOf(
          ClientConnectionError,
        );
      }),
  ));

test('a new connection that the server closes is an error', () =>
  withRaw(
    (socket) => void socket.on('data', () => socket.end()),
    (url) =>
      withSession({}, async (session) => {
        const error = await failure(session.get(url));
        expect(error).toBeInstanceOf(ServerDisconnectedError);
        expect(error.message).toBe('server disconnected');
      }),
  ));

test('nobody listens; no such host; no slot gets lost by it', () =>
  run(() =>
    withSession({ limit: 1 }, async (session) => {
      const closed = net.createServer().listen(0);
      const { port } = closed.address() as net.AddressInfo;
      await new Promise((resolve) => closed.close(resolve));
      for (let n = 0; n < 3; n++) {
        const error = await failure(session.get(`http://127.0.0.1:${port}/`));
        expect(error).toBeInstanceOf(ClientConnectorError);
        expect(error).toMatchObject({
          code: 'ECONNREFUSED',
          host: '127.0.0.1',
          port,
          syscall: 'connect',
          message: `cannot connect to 127.0.0.1:${port}: connect ECONNREFUSED 127.0.0.1:${port}`,
        });
      }
      const unknown = await failure(session.get('http://no-such-host.invalid/'));
      expect(unknown).toBeInstanceOf(ClientDNSError);
      expect(unknown.host).toBe('no-such-host.invalid');
    }),
  ));

const broken: Array<[name: string, answer: string]> = [
  ['no HTTP', 'hello\r\n\r\n'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  ['a wrong chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
  ['half a body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab'],
];

test.each(broken)('a broken answer: %s', (_name, answer) =>
  withRaw(
    (socket) => void socket.on('data', () => socket.end(answer)),
    (url) =>
      withSession({}, async (session) => {
        const read = async (): Promise<string> => (await session.get(url)).text();
        expect(await failure(read())).toBeInstanceOf(ClientPayloadError);
      }),
  ),
);

test('what the server says unasked closes the connection, and is no answer', () =>
  withRaw(
    (socket, connections) => {
      socket.on('data', () => {
        socket.write(
          connections === 1 ? `${OK}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil` : OK,
        );
      });
    },
    (url) =>
      withSession({}, async (session) => {
        expect(await (await session.get(url)).text()).toBe('ok');
        expect(await (await session.get(url)).text()).toBe('ok');
      }),
  ));

test('answers byte by byte, after 100 Continue, and until the end of the connection', () =>
  withRaw(
    (socket) => {
      socket.once('data', async () => {
        const answer = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 Fine\r\n\r\nuntil the end';
        for (const byte of answer) {
          socket.write(byte);
          await new Promise(setImmediate);
        }
        socket.end();
      });
    },
    (url) =>
      withSession({}, async (session) => {
        const response = await session.get(url);
        expect(response.reason).toBe('Fine');
        expect(await response.text()).toBe('until the end');
      }),
  ));

test('a signal ends a request, also in its body', () =>
  withRaw(
    (socket) => {
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'));
    },
    (url) =>
      withSession({}, async (session) => {
        const stop = new AbortController();
        const response = await session.get(url, { signal: stop.signal });
        const reading = response.text();
        stop.abort('enough');
        const error = await failure(reading);
        expect(error).toBeInstanceOf(AbortError);
        expect(error.cause).toBe('enough');
        expect(await failure(session.get(url, { signal: stop.signal }))).toBeInstanceOf(AbortError);
      }),
  ));

test('release keeps the connection when little is left, close does not', () => {
  const ports = new Set<number>();
  return withNode(
    (request, response) => {
      ports.add(request.socket.remotePort!);
      const size = request.url === '/large' ? 10_000_000 : 1000;
      response.setHeader('content-length', size).end(Buffer.alloc(size));
    },
    (url) =>
      withSession({}, async (session) => {
        (await session.get(url)).release();
        while (!(await session.get(url)).ok) await sleep(0);
        expect(ports.size).toBeLessThanOrEqual(2);
        const large = await session.get(new URL('/large', url));
        large.release();
        expect(await failure(large.text())).toBeInstanceOf(Error);
        const before = ports.size;
        (await session.get(url)).close();
        await (await session.get(url)).text();
        expect(ports.size).toBeGreaterThanOrEqual(before);
      }),
  );
});

test.each([['text'], ['bytes'], ['json'], ['blob'], ['arrayBuffer']] as const)(
  'a cancelled %s() gives the slot back, of a body that never comes',
  (read) =>
    withRaw(
      (socket) =>
        socket.on('data', (text) => {
          const head =
            'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n';
          socket.write(String(text).startsWith('GET /stall ') ? `${head}[` : `${head}[]`);
        }),
      async (url) => {
        const session = new ClientSession({ limit: 1, timeout: { total: null } });
        const whole = (await session.get(`${url}stall`))[read]();
        whole.cancel();
        await expect(whole).rejects.toThrow(CancelledError);
        expect(await (await session.get(url)).json()).toEqual([]);
        await session.close();
      },
    ),
);

test('idle connections are closed after their time, and keep no process alive', () =>
  withNode(
    (_request, response) => void response.end('ok'),
    (url) =>
      withSession({ keepAliveTimeout: '20ms' }, async (session) => {
        await (await session.get(url)).text();
        expect(session.connections).toBe(1);
        while (session.connections !== 0) await sleep(0.005);
      }),
  ));

test('closing the session ends what is under way', () =>
  withNode(
    () => {},
    async (url) => {
      const session = new ClientSession();
      const task = session.get(url);
      let settled: Future<void> | null = getRunningLoop().createFuture<void>();
      task.addDoneCallback(() => settled!.setResult(undefined));
      while (session.connections === 0) await sleep(0);
      await session.close();
      await settled;
      settled = null;
      expect(await failure(task)).toBeInstanceOf(ClientConnectionError);
      expect(session.closed).toBe(true);
    },
  ));

test('an upload that fails ends the request; an answer may come before its end', () =>
  withNode(
    (request, response) => {
      if (request.url === '/early') response.writeHead(403).end('no');
      else request.resume();
    },
    (url) =>
      withSession({}, async (session) => {
        const error = await failure(
          session.post(url, {
            body: (function* () {
              yield 'a';
              throw new Error('source broke');
            })(),
          }),
        );
        expect(error).toBeInstanceOf(ClientPayloadError);
        expect(error.cause.message).toBe('source broke');
        const early = await session.post(new URL('/early', url), {
          body: (async function* () {
            yield 'a';
            await new Promise(() => {});
          })(),
        });
        expect([early.status, await early.text()]).toEqual([403, 'no']);
      }),
  ));
