// Requests over a connection that is kept, with nothing to wait for but the answer: what they
// give, and how they end, is what the first request on a new connection gives.
import { allTasks, CancelledError, gather, getRunningLoop, sleep, Task, timeout } from 'oxbow';
import { ClientSession, CookieJar, Response, serve } from 'oxbow/http';
import type { ClientSessionOptions, RequestOptions } from 'oxbow/http';
import { runVirtual } from 'oxbow/testing';
import { withRaw } from './client-support.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok';

/** What a server answers, by path; null: nothing, 'close': the connection's end. */
const ANSWERS: Record<string, string | null> = {
  '/ok': OK,
  '/empty': 'HTTP/1.1 204 None\r\n\r\n',
  '/missing': 'HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno',
  '/cookie': 'HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 2\r\n\r\nok',
  '/moved': 'HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 2\r\n\r\nxx',
  '/nowhere': 'HTTP/1.1 302 Found\r\nLocation: ftp://x/\r\nContent-Length: 0\r\n\r\n',
  '/begun': 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok',
  '/json': 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{"a":1}',
  '/gzip':
    'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 22\r\n\r\n' +
    '\x1f\x8b\x08\0\0\0\0\0\0\x03\xcb\xcf\x06\0G\xdd\xdcy\x02\0\0\0',
  '/marked': 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n\xef\xbb\xbfok',
  '/broken': 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n\xe2\x82a\xf0\x9f\xffb',
  '/latin':
    'HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=latin1\r\nContent-Length: 1\r\n\r\n\xe4',
  '/silent': null,
};

interface Wire {
  /** Requests as they came, `connection path`. */
  readonly seen: string[];
  /** Ends connections; the next request finds that out. */
  dead: boolean;
}

async function withKept(
  body: (session: ClientSession, wire: Wire) => Promise<void>,
  options: ClientSessionOptions = {},
  warm = true,
): Promise<void> {
  const wire: Wire = { seen: [], dead: false };
  await withRaw(
    (socket, connection) => {
      socket.on('data', (data) => {
        for (const [, path] of String(data).matchAll(/^[A-Z]+ (\S+) HTTP\/1\.1\r$/gm)) {
          wire.seen.push(`${connection} ${path}`);
          if (wire.dead) {
            socket.destroy();
            return;
          }
          const answer = ANSWERS[path!]!;
          if (answer !== null) socket.write(answer, 'latin1');
        }
      });
    },
    async (url) => {
      const session = new ClientSession({ baseUrl: url, timeout: null, ...options });
      if (warm) for (const path of ['/ok', '/ok']) await (await session.get(path)).text();
      await body(session, wire);
      await session.close();
      expect(session.connections).toBe(0);
    },
  );
}

const failure = (awaitable: PromiseLike<unknown>): Promise<any> =>
  Promise.resolve(awaitable).then(
    () => undefined,
    (error) => error,
  );

/** What a request gives, in words: on a new connection or on one that is kept. */
async function outcome(
  kept: boolean,
  path: string,
  options?: RequestOptions,
  sessionOptions: ClientSessionOptions = {},
): Promise<unknown> {
  let result: unknown;
  await withKept(
    async (session) => {
      // Once more, so that the session knows the URL.
      for (let n = 0; n < (kept ? 2 : 1); n++) {
        try {
          const response = await session.get(path, options);
          result = [
            response.status,
            response.url.replace(/:\d+/, ''),
            response.history.length,
            await response.text(),
            await response.text(),
            Buffer.from(await response.bytes()).toString('latin1'),
            await failure((async () => response.json())()).then((error) => error?.name),
            response.bodyUsed,
            [...response.headers].length,
          ];
          expect(() => response.body.read()).toThrow('already been read');
          expect(await response.text()).toBe((result as string[])[3]);
        } catch (error) {
          result = `${(error as Error).name}: ${(error as Error).message.replace(/:\d+/, '')}`;
        }
      }
    },
    sessionOptions,
    kept,
  );
  return result;
}

describe('a kept connection gives what a new one gives', () => {
  const paths = Object.keys(ANSWERS).filter((path) => !['/silent', '/begun'].includes(path));
  test.each(paths)('%s', async (path) => {
    const first = await outcome(false, path);
    expect(await outcome(true, path)).toEqual(first);
    expect(await outcome(true, path, { headers: { a: 'b' } })).toEqual(first);
  });

  test('text is UTF-8 without its mark, and what is none of it is replaced', async () => {
    expect(((await outcome(true, '/marked')) as string[])[3]).toBe('ok');
    const bytes = Buffer.from('\xe2\x82a\xf0\x9f\xffb', 'latin1');
    const text = new TextDecoder().decode(bytes);
    expect(((await outcome(true, '/broken')) as string[])[3]).toBe(text);
    expect(((await outcome(true, '/latin')) as string[])[3]).toBe('\u00e4');
  });

  test('what is not followed, and what is raised', async () => {
    for (const [path, options, session] of [
      ['/moved', { redirect: 'manual' }, {}],
      ['/moved', { redirect: 'error' }, {}],
      ['/missing', { raiseForStatus: true }, {}],
      ['/missing', undefined, { raiseForStatus: true }],
      ['/missing', { raiseForStatus: false }, { raiseForStatus: true }],
      ['/gzip', { autoDecompress: false }, {}],
    ] as [string, RequestOptions | undefined, ClientSessionOptions][]) {
      const first = await outcome(false, path, options, session);
      expect(await outcome(true, path, options, session)).toEqual(first);
    }
  });
});

describe('how it ends', () => {
  test('a cancel closes its connection and is told in the next turn', () =>
    withKept(async (session, { seen }) => {
      const task = session.get('/silent');
      expect(task).toBeInstanceOf(Task);
      expect(allTasks().has(task)).toBe(true);
      expect([task.cancel('enough'), task.done(), task.cancelling()]).toEqual([true, false, 1]);
      expect(task.cancel('enough')).toBe(true);
      const error = await failure(task);
      expect([error.constructor, error.reason, task.cancelled()]).toEqual([
        CancelledError,
        'enough',
        true,
      ]);
      expect(allTasks().has(task)).toBe(false);
      expect(task.cancel()).toBe(false);
      expect(await (await session.get('/ok')).text()).toBe('ok');
      expect(seen.at(-1)).toBe('2 /ok');
    }));

  test('a cancel of whoever waits for it, in both lanes', () =>
    withKept(async (session) => {
      const loop = getRunningLoop();
      const tasks = [
        loop.createTask(async () => {
          await session.get('/silent');
        }),
        loop.createTask(function* () {
          yield* session.get('/silent', { headers: { a: 'b' } });
        }),
      ];
      await sleep(0);
      for (const task of tasks) task.cancel();
      for (const task of tasks) expect(await failure(task)).toBeInstanceOf(CancelledError);
      await expect(Promise.resolve(timeout('1ms', () => session.get('/silent')))).rejects.toThrow();
    }));

  test('time limits, of the session and of a request', () =>
    runVirtual(async () => {
      const server = await serve({
        routes: {
          '/ok': new Response('ok'),
          '/silent': async () => {
            await sleep('1h');
            return new Response('');
          },
          '/begun': () =>
            Response.stream(async (writer) => {
              writer.write('be');
              await sleep('1h');
            }),
        },
      });
      const session = new ClientSession({ baseUrl: server.url, timeout: '2s' });
      const ok = (): Promise<string> => session.get('/ok').then((response) => response.text());
      const told = 'ServerTimeoutError: not done within 2 s';
      const started = getRunningLoop().time();
      const passed = (): number => Math.round(getRunningLoop().time() - started);
      for (let n = 0; n < 2; n++) expect(await ok()).toBe('ok');
      expect([String(await failure(session.get('/silent'))), passed()]).toEqual([told, 2]);
      expect(await ok()).toBe('ok');
      const own = await failure(session.get('/silent', { timeout: '1s' }));
      expect([String(own), passed()]).toEqual(['ServerTimeoutError: not done within 1 s', 3]);
      // What has begun is handed out, and ended by the same limit.
      expect(await ok()).toBe('ok');
      const response = await session.get('/begun');
      expect([response.status, String(await failure(response.text()))]).toEqual([200, told]);
      expect(passed()).toBe(5);
      // Those that were done in time have left nothing behind.
      await gather([1, 2, 3].map(ok));
      await sleep(10);
      expect(await ok()).toBe('ok');
      await session.close();
      server.close();
    }));

  test('a signal that ends it', () =>
    withKept(async (session) => {
      const controller = new AbortController();
      const asked = session.get('/silent', { signal: controller.signal });
      controller.abort(new Error('why'));
      const error = await failure(asked);
      expect([error.name, error.cause.message]).toEqual(['AbortError', 'why']);
    }));

  test('the session is closed meanwhile', () =>
    withKept(async (session) => {
      const asked = session.get('/silent');
      const closed = session.close();
      expect(String(await failure(asked))).toBe('ClientConnectionError: the session was closed');
      await closed;
      expect(String(await failure(session.get('/ok')))).toMatch(/RuntimeError: Session is closed/);
    }));

  test('what is wrong with a request comes with the result', () =>
    withKept(async (session) => {
      for (const [options, message] of [
        [{ headers: { 'a b': 'c' } }, /invalid header name/],
        [{ json: undefined, body: 5 }, /body/],
        [{ nonsense: 1 }, /nonsense/],
      ] as [object, RegExp][]) {
        const task = session.post('/ok', options);
        await expect(Promise.resolve(task)).rejects.toThrow(message);
      }
      expect(await (await session.get('/ok')).text()).toBe('ok');
    }));
});

describe('a connection that was dead', () => {
  test('an idempotent request is sent once more, over a new one, and not again', () =>
    withKept(async (session, wire) => {
      await gather([1, 2, 3].map(() => session.get('/ok').then((one) => one.text())));
      wire.dead = true;
      wire.seen.length = 0;
      const error = await failure(session.get('/ok'));
      expect(error.name).toBe('ServerDisconnectedError');
      expect(wire.seen.length).toBe(2);
      expect(wire.seen.at(-1)).toBe('4 /ok');
    }));

  test('another one is not', () =>
    withKept(async (session, wire) => {
      wire.dead = true;
      wire.seen.length = 0;
      const error = await failure(session.post('/ok', { body: 'x' }));
      expect(error.name).toBe('ServerDisconnectedError');
      expect(wire.seen).toEqual(['1 /ok']);
    }));
});

test('cookies that came over it go with the next request', () =>
  withKept(
    async (session) => {
      for (let n = 0; n < 2; n++) await (await session.get('/cookie')).text();
      expect(session.cookieJar!.size).toBe(1);
    },
    { cookieJar: new CookieJar({ unsafe: true }) },
  ));

test('a response that is not read to its end is released when nobody has it', () =>
  withKept(async (session) => {
    const response = await session.get('/begun');
    expect(response.bodyUsed).toBe(false);
    response.close();
    expect(String(await failure(response.text()))).toMatch(/the response was closed/);
  }));

describe('reading with a signal', () => {
  const aborts = (): AbortSignal => AbortSignal.timeout(5);

  test.each(['text', 'json', 'bytes', 'read', 'arrayBuffer', 'blob'] as const)('%s', (name) =>
    withKept(async (session) => {
      const read = async (path: string, signal: AbortSignal): Promise<unknown> => {
        const response = await session.get(path);
        return name === 'json'
          ? response.json({ contentType: null, signal })
          : response[name]({ signal });
      };
      const signal = aborts();
      const error = await failure(read('/begun', signal));
      expect([error.name, error.code, error.cause]).toEqual([
        'AbortError',
        'ABORT_ERR',
        signal.reason,
      ]);
      // The rest is left, so the connection cannot be kept for ever.
      const early = await failure(read('/json', AbortSignal.abort('early')));
      expect([early.name, early.cause]).toEqual(['AbortError', 'early']);
      expect(await read('/json', new AbortController().signal)).toBeDefined();
      await expect(read('/json', 5 as never)).rejects.toThrow(/signal: .*is not an AbortSignal/);
    }),
  );

  test('a piece, a line, an event: nothing is lost by it', () =>
    withKept(async (session) => {
      const controller = new AbortController();
      const { body } = await session.get('/begun');
      expect(Buffer.from((await body.read())!).toString()).toBe('ok');
      const waiting = body.read({ signal: controller.signal });
      controller.abort();
      expect((await failure(waiting)).name).toBe('AbortError');
      expect((await failure(body.read({ signal: controller.signal }))).name).toBe('AbortError');
      const lines = (await session.get('/begun')).readLines();
      expect((await failure(lines.read({ signal: aborts() }))).name).toBe('AbortError');
      expect((await failure(lines.read({ signal: AbortSignal.abort() }))).name).toBe('AbortError');
    }));

  test('options of text are checked', () =>
    withKept(async (session) => {
      const response = await session.get('/latin');
      expect(() => response.text({ encodign: 'x' } as never)).toThrow(/encodign/);
      expect(() => response.text({ encoding: 5 } as never)).toThrow(/encoding must be a string/);
      expect(() => response.text({}, {})).toThrow(/given twice/);
      expect(await response.text({ encoding: 'utf-8' })).toBe('\ufffd');
      expect(await response.text('latin1', { signal: new AbortController().signal })).toBe(
        '\u00e4',
      );
    }));
});
