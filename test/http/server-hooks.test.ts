// What a server does when it begins and ends, and what can be changed while it runs.
import { channel } from 'node:diagnostics_channel';

import { getRunningLoop, run, sleep } from 'oxbow';
import type { Future } from 'oxbow';
import { ContextKey, HttpError, Response, serve } from 'oxbow/http';
import type { HttpServer } from 'oxbow/http';
import { runVirtual } from 'oxbow/testing';
import { ask, conversation, Peer, withServer } from './serve-support.ts';

const hello = (): Response => new Response('hello');

test('hooks run in order before it listens, and in reverse after the last answer', async () => {
  const order: string[] = [];
  const NAME = new ContextKey<string>('name');
  await run(function* () {
    const server = yield* serve({
      fetch: (request) => new Response(request.get(NAME)),
      onStart: [
        function* (starting: HttpServer) {
          yield* sleep(0);
          order.push(`first ${starting.connections}`);
          starting.set(NAME, 'set');
          return function* () {
            yield* sleep(0);
            order.push('first ends');
          };
        },
        async () => {
          await sleep(0);
          order.push('second');
          return { [Symbol.asyncDispose]: async () => void order.push('second ends') };
        },
        () => ({ [Symbol.dispose]: () => void order.push('third ends') }),
        () => {},
      ],
      onStop: [() => void order.push('stop 1'), async () => void order.push('stop 2')],
    });
    expect(order).toEqual(['first 0', 'second']);
    yield* server.shutdown();
  });
  expect(order.slice(2)).toEqual(['stop 2', 'stop 1', 'third ends', 'second ends', 'first ends']);
});

test('a hook that fails, and a port that is taken, end what has begun', () =>
  withServer({ fetch: hello }, async ({ port }) => {
    const order: string[] = [];
    const begin = (): (() => void) => {
      order.push('begun');
      return () => void order.push('ended');
    };
    const failing = serve({
      fetch: hello,
      onStart: [
        begin,
        () => {
          throw new Error('no database');
        },
        begin,
      ],
      onStop: () => void order.push('never'),
    });
    await expect(Promise.resolve(failing)).rejects.toThrow('no database');
    expect(order).toEqual(['begun', 'ended']);
    await expect(Promise.resolve(serve({ fetch: hello, port, onStart: begin }))).rejects.toThrow(
      'EADDRINUSE',
    );
    expect(order).toEqual(['begun', 'ended', 'begun', 'ended']);
  }));

test('errors at the end: all hooks are called, and the wait for the end fails', () =>
  run(async () => {
    const order: string[] = [];
    const failing = (name: string) => () => {
      order.push(name);
      throw new Error(name);
    };
    const one = await serve({ fetch: hello, onStop: failing('only') });
    await expect(Promise.resolve(one.shutdown())).rejects.toThrow('only');
    await expect(Promise.resolve(one.waitClosed())).rejects.toThrow('only');
    const two = await serve({ fetch: hello, onStop: [failing('a'), failing('b')] });
    await expect(Promise.resolve(two.shutdown())).rejects.toMatchObject({
      name: 'ExceptionGroup',
      errors: [{ message: 'b' }, { message: 'a' }],
    });
    expect(order).toEqual(['only', 'b', 'a']);
  }));

test('hooks that are none', () =>
  run(async () => {
    expect(() => serve({ fetch: hello, onStart: 5 as never })).toThrow(
      /onStart must be a function/,
    );
    expect(() => serve({ fetch: hello, onStop: [5 as never] })).toThrow(/onStop must be/);
    const wrong = serve({ fetch: hello, onStart: () => 'text' as never });
    await expect(Promise.resolve(wrong)).rejects.toThrow(/something to dispose of, not string/);
  }));

test('a request that has come by the shutdown is answered, and told that it is the last', () =>
  withServer({ fetch: hello }, async (server) => {
    const peer = new Peer(server.port);
    await peer.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await peer.until((text) => text.includes('hello'));
    expect(peer.received).not.toMatch(/connection: close/);
    // Both in one turn: the request is in the kernel when the server is told to stop.
    const sent = peer.send('GET /late HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise(setImmediate);
    const over = server.shutdown();
    await sent;
    const text = await peer.untilClosed();
    expect(text.match(/HTTP\/1.1 200/g)).toHaveLength(2);
    expect(text).toMatch(/connection: close/);
    await over;
  }));

test('reload answers otherwise without closing a connection; who has begun goes on', async () => {
  let release!: Future<void>;
  await withServer(
    {
      routes: {
        '/old': new Response('old'),
        '/slow': async () => {
          await release;
          return new Response('slow');
        },
      },
    },
    async (server) => {
      release = getRunningLoop().createFuture<void>();
      const peer = new Peer(server.port);
      await peer.send('GET /old HTTP/1.1\r\nHost: x\r\n\r\nGET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
      await peer.until((text) => text.includes('old'));
      while (server.pending === 0) await sleep(0);
      server.reload({
        routes: { '/new': (request) => new Response(`new ${request.path}`) },
        middleware: [
          async (_request, next) => {
            const response = await next();
            response.headers.set('x-reloaded', '1');
            return response;
          },
        ],
      });
      expect(server.routes).toEqual(['* /new']);
      release.setResult(undefined);
      await peer.until((text) => text.includes('slow'));
      expect(peer.received).not.toContain('x-reloaded');
      await peer.send('GET /new HTTP/1.1\r\nHost: x\r\n\r\nGET /old HTTP/1.1\r\nHost: x\r\n\r\n');
      const text = await peer.until((all) => all.includes('404'));
      expect(text).toContain('new /new');
      expect(text).toContain('x-reloaded: 1');
      expect(peer.closed).toBe(false);
      expect(server.counters.accepted).toBe(1);

      expect(() => server.reload({ routes: { '/:': hello } })).toThrow(/no name/);
      expect(() => server.reload({ port: 5 } as never)).toThrow(/no option 'port'/);
      expect((await ask(server, '/new')).text).toBe('new /new');
      server.reload({ fetch: () => new Response('fetch'), middleware: [] });
      expect((await ask(server, '/other')).text).toBe('fetch');
      expect((await ask(server, '/new')).headers['x-reloaded']).toBeUndefined();
    },
  );
});

test('timeout: 504, the handler is cancelled, and a Promise that never comes is not waited for', async () => {
  const seen: string[] = [];
  let release!: () => void;
  // Else the end of the run would wait for the handler.
  const foreign = new Promise<void>((resolve) => (release = resolve));
  await withServer(
    {
      timeout: 0.02,
      routes: {
        *'/generator'(request) {
          try {
            yield* sleep(60);
          } finally {
            seen.push(`cancelled ${String(request.signal.reason.name)}`);
          }
          return hello();
        },
        '/foreign': async () => {
          await foreign;
          return hello();
        },
      },
    },
    async (server) => {
      expect((await ask(server, '/generator')).status).toBe(504);
      expect((await ask(server, '/foreign')).status).toBe(504);
      release();
      expect(seen).toEqual(['cancelled TimeoutError']);
    },
  );
});

test('who is done before the timeout is not touched by it', () =>
  withServer(
    {
      timeout: 20,
      routes: {
        '/quick': async () => {
          await sleep(0);
          return hello();
        },
        '/error': async () => {
          throw new HttpError(409);
        },
        '/now': hello,
      },
    },
    async (server) => {
      const statuses: number[] = [];
      for (const path of ['/quick', '/error', '/now']) {
        statuses.push((await ask(server, path)).status);
      }
      expect(statuses).toEqual([200, 409, 200]);
    },
  ));

test('cancelOnDisconnect cancels handlers whose client is gone, and only where it is asked for', async () => {
  for (const cancelOnDisconnect of [true, false]) {
    let ended: string | null = null;
    let begun!: Future<void>;
    let release!: Future<void>;
    await withServer(
      {
        cancelOnDisconnect,
        async fetch(request) {
          begun.setResult(undefined);
          const { signal } = request;
          signal.addEventListener(
            'abort',
            () =>
              release.done() || setImmediate(() => release.done() || release.setResult(undefined)),
          );
          try {
            await release;
            ended = 'done';
          } catch (error) {
            ended = (error as Error).name;
            throw error;
          }
          return hello();
        },
      },
      async (server) => {
        begun = getRunningLoop().createFuture<void>();
        release = getRunningLoop().createFuture<void>();
        const peer = new Peer(server.port);
        await peer.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
        await begun;
        peer.close();
        while (ended === null) await sleep(0.001);
        expect(ended).toBe(cancelOnDisconnect ? 'CancelledError' : 'done');
      },
    );
  }
});

test('counters and pending', async () => {
  let release!: Future<void>;
  await withServer(
    {
      async fetch(request) {
        if (request.path === '/error') throw new Error('x');
        if (request.path === '/wait') await release;
        return hello();
      },
    },
    async (server) => {
      release = getRunningLoop().createFuture<void>();
      getRunningLoop().setExceptionHandler(() => {});
      expect(server.counters).toEqual({
        accepted: 0,
        connections: 0,
        requests: 0,
        pending: 0,
        failures: 0,
      });
      await ask(server, '/');
      await ask(server, '/error');
      const peer = new Peer(server.port);
      await peer.send('GET /wait HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n');
      while (server.pending < 2) await sleep(0);
      expect(server.counters).toMatchObject({ requests: 4, pending: 2, failures: 1 });
      release.setResult(undefined);
      await peer.until((text) => text.split('hello').length === 3);
      expect(server.counters).toMatchObject({ requests: 4, pending: 0, failures: 1 });
    },
  );
});

test('a channel tells when a server listens, and when it is over', async () => {
  const told: string[] = [];
  const onStart = (): void => void told.push('start');
  const onStop = (): void => void told.push('stop');
  channel('oxbow:server:start').subscribe(onStart);
  channel('oxbow:server:stop').subscribe(onStop);
  await withServer({ fetch: hello }, async () => expect(told).toEqual(['start']));
  expect(told).toEqual(['start', 'stop']);
  channel('oxbow:server:start').unsubscribe(onStart);
  channel('oxbow:server:stop').unsubscribe(onStop);
});

test('minRate: a body that trickles is a 408, one that does not is read', () =>
  runVirtual(async () => {
    const { openConnection } = await import('oxbow');
    const server = await serve({
      minRate: 100,
      fetch: async (request) => new Response(`${(await request.bytes()).length} bytes`),
    });
    const post = async (piece: number, every: number): Promise<[string, number]> => {
      const began = getRunningLoop().time();
      const [reader, writer] = await openConnection('127.0.0.1', server.port);
      writer.write(
        `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 6000\r\n\r\n`,
      );
      let answer = '';
      const reading = (async () => {
        answer = String(await reader.read(-1));
      })();
      for (let sent = 0; sent < 6000 && answer === ''; sent += piece) {
        writer.write('x'.repeat(piece));
        await sleep(every);
      }
      await reading;
      writer.close();
      return [answer.slice(9, 12), getRunningLoop().time() - began];
    };
    expect((await post(200, 1))[0]).toBe('200');
    const [status, took] = await post(10, 1);
    expect(status).toBe('408');
    expect(took).toBeGreaterThan(9);
    expect(took).toBeLessThan(30);
    server.close();
    await server.waitClosed();
  }));

test('late requests over one connection after the shutdown are not begun', () =>
  withServer({ fetch: hello }, async (server) => {
    const over = server.shutdown();
    await expect(conversation(server.port, 'GET / HTTP/1.1\r\n\r\n')).resolves.toBe('');
    await over;
  }));
