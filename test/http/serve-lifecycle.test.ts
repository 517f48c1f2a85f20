// How a server starts, ends, and deals with those who say nothing.
import { getRunningLoop, openConnection, run, sleep } from 'oxbow';
import type { Future } from 'oxbow';
import { Response, serve } from 'oxbow/http';
import type { ServeOptions } from 'oxbow/http';
import { ipv6, testWith } from '../support/needs.ts';
import { ask, conversation, Peer, withServer, withVirtualServer } from './serve-support.ts';

const hello = (): Response => new Response('hello');

test('port, url and connections; both lanes', async () => {
  await run(function* () {
    const server = yield* serve({ fetch: hello });
    expect(server.port).toBeGreaterThan(0);
    expect(server.url).toBe(`http://127.0.0.1:${server.port}/`);
    expect(server.connections).toBe(0);
    yield* server.shutdown();
  });
  await withServer({ fetch: hello, hostname: 'localhost' }, async (server) => {
    expect((await ask(server, '/')).text).toBe('hello');
  });
});

testWith(ipv6())('an IPv6 address', () =>
  withServer({ fetch: hello, hostname: '::1' }, async (server) => {
    expect(server.url).toBe(`http://[::1]:${server.port}/`);
    expect((await ask(server, '/')).text).toBe('hello');
  }),
);

test('a port that is taken', () =>
  withServer({ fetch: hello }, async ({ port }) => {
    await expect(Promise.resolve(serve({ fetch: hello, port }))).rejects.toMatchObject({
      code: 'EADDRINUSE',
      syscall: 'listen',
      port,
    });
  }));

test('reusePort lets two servers share a port', () =>
  withServer({ fetch: hello, reusePort: true }, async ({ port }) => {
    const second = await serve({ fetch: hello, reusePort: true, port });
    expect(second.port).toBe(port);
    second.close();
    await second.waitClosed();
  }));

const wrong: Array<[message: RegExp, options: unknown]> = [
  [/options must be an object, got null/, null],
  [/needs fetch or routes/, {}],
  [/fetch must be a function/, { fetch: 5 }],
  [/port must be an integer from 0 to 65535, not 70000/, { fetch: hello, port: 70000 }],
  [/port must be a number, not string/, { fetch: hello, port: '80' }],
  [/hostname/, { fetch: hello, hostname: '' }],
  [/maxBodySize/, { fetch: hello, maxBodySize: -1 }],
  [/keepAliveTimeout: "soon" is no duration/, { fetch: hello, keepAliveTimeout: 'soon' }],
  [/headersTimeout must be more than 0/, { fetch: hello, headersTimeout: 0 }],
  [/route a must start/, { routes: { a: hello } }],
  [/route \/a must be a Response/, { routes: { '/a': 'text' } }],
  [/limits.headers/, { fetch: hello, limits: { headers: 0 } }],
];

test.each(wrong)('options: %s', (message, options) =>
  run(function* () {
    expect(() => serve(options as ServeOptions)).toThrow(message);
  }),
);

test('outside a running loop', () => {
  expect(() => serve({ fetch: hello })).toThrow('no running event loop');
});

test('shutdown closes idle connections and lets busy ones finish', async () => {
  let release: Future<void>;
  await run(async () => {
    release = getRunningLoop().createFuture<void>();
    const server = await serve({
      async fetch(request) {
        if (request.path === '/slow') await release;
        return new Response(request.path);
      },
    });
    const idle = new Peer(server.port);
    await idle.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await idle.until((text) => text.endsWith('/'));
    const busy = new Peer(server.port);
    await busy.send('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
    while (server.pending === 0) await sleep(0.001);
    const down = server.shutdown({ timeout: 10 });
    await idle.untilClosed();
    expect(busy.closed).toBe(false);
    release.setResult(undefined);
    expect(await busy.untilClosed()).toMatch(/connection: close[^]*\/slow$/);
    await down;
    expect(server.connections).toBe(0);
    expect(await conversation(server.port, 'GET / HTTP/1.1\r\n\r\n')).toBe('');
  });
});

test('shutdown cancels what is not done in time', () =>
  run(async () => {
    let cancelled = false;
    const server = await serve({
      *fetch() {
        try {
          yield* sleep(1000);
        } catch (error) {
          cancelled = true;
          throw error;
        }
        return hello();
      },
    });
    const peer = new Peer(server.port);
    await peer.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    while (server.pending === 0) await sleep(0.001);
    await server.shutdown({ timeout: '20ms' });
    expect(cancelled).toBe(true);
    expect(await peer.untilClosed()).toBe('');
  }));

test('serveForever: done when closed, closes when cancelled', () =>
  run(async () => {
    const server = await serve({ fetch: hello });
    const forever = server.serveForever();
    expect(forever.done()).toBe(false);
    forever.cancel();
    await server.waitClosed();
  }));

test('a signal shuts it down', () =>
  run(async () => {
    const stop = new AbortController();
    const server = await serve({ fetch: hello, signal: stop.signal });
    stop.abort();
    await server.waitClosed();
  }));

test('await using shuts it down', () =>
  run(async () => {
    const server = await serve({ fetch: hello });
    await server[Symbol.asyncDispose]();
    await server.waitClosed();
  }));

test('silent connections are closed: before the first request, between two, in a body', () =>
  withVirtualServer(
    {
      headersTimeout: '20ms',
      keepAliveTimeout: '20ms',
      bodyTimeout: '20ms',
      fetch: async (request) => new Response(await request.text()),
    },
    async (server) => {
      /** What comes until the server closes. */
      const answer = async (text: string): Promise<string> => {
        const [reader, writer] = await openConnection('127.0.0.1', server.port);
        writer.write(text);
        const all = String(await reader.read());
        writer.close();
        return all;
      };
      expect(await answer('GET / HT')).toBe('');
      expect(await answer('GET / HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(/^HTTP\/1.1 200 OK/);
      expect(await answer('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab')).toMatch(
        /^HTTP\/1.1 408 /,
      );
    },
  ));
