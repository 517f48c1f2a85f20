// What serve() is told: names that it does not know, routes that nothing would reach; and what its
// objects look like when they are printed.
import { inspect } from 'node:util';

import { getRunningLoop, run, timeout, sleep } from 'oxbow';
import { Headers, Response, serve } from 'oxbow/http';
import type { Request, ServeOptions } from 'oxbow/http';
import { ask, withServer } from './serve-support.ts';

const hello = (): Response => new Response('hello');

const UNKNOWN: Array<[options: object, message: RegExp]> = [
  [{ host: '0.0.0.0' }, /no option 'host'; did you mean 'hostname'/],
  [{ ssl: {} }, /no option 'ssl'/],
  [{ tls: {} }, /tls: a server needs cert and key/],
  [{ unx: 'x.sock' }, /no option 'unx'; did you mean 'unix'/],
  [{ worker: 4 }, /no option 'worker'; did you mean 'workers'/],
  [{ get: hello }, /no option 'get'/],
  [{ Fetch: hello }, /no option 'Fetch'; did you mean 'fetch'/],
  [{ keepaliveTimeout: 5 }, /did you mean 'keepAliveTimeout'/],
  [{ limits: { headSise: 5 } }, /limits: there is no option 'headSise'; .*'headSize'/],
  [{ limits: null }, /limits/],
  [{ limits: 5 }, /limits/],
  [{ reusePort: 1 }, /reusePort/],
  [{ signal: {} }, /signal must be an AbortSignal/],
  [{ sendTimeout: 0 }, /sendTimeout/],
];

test.each(UNKNOWN)('serve(%j) is refused', (options, message) =>
  run(async () => {
    expect(() => serve({ fetch: hello, ...options } as ServeOptions)).toThrow(message);
  }),
);

const foreign = (): globalThis.Response => new globalThis.Response('w');

const ROUTES: Array<[name: string, routes: object, message: RegExp]> = [
  ['a method in small letters', { '/m': { get: hello } }, /'get' is no method; did you mean 'GET'/],
  ['one of them', { '/m': { GET: hello, Post: hello } }, /'Post' is no method; .*'POST'/],
  ['a method that is none', { '/m': { 'G T': hello } }, /'G T' is no method/],
  ['CONNECT', { '/m': { CONNECT: hello } }, /CONNECT/],
  ['no methods', { '/m': {} }, /has no methods/],
  ['a global Response', { '/m': foreign() }, /a global Response can be sent only once/],
  ['one for a method', { '/m': { GET: foreign() } }, /GET \/m: a global Response/],
  ['a Map', { '/m': new Map() }, /not Map/],
  ['an array', { '/m': [hello] }, /not Array/],
  ['a Promise', { '/m': Promise.resolve(hello()) }, /not Promise/],
  ['null', { '/m': null }, /null/],
  ['a text', { '/m': 'text' }, /string/],
  ['a text for a method', { '/m': { GET: 'x' } }, /string/],
  ['a part of a star', { '/a*/b': hello }, /patterns like a\* are not known/],
  ['braces', { '/user/{id}': hello }, /patterns like \{id\} are not known/],
  ['a query', { '/a?b=c': hello }, /no query/],
  ['a fragment', { '/a#b': hello }, /no fragment/],
  ['a space', { '/a b': hello }, /escapes/],
  ['an umlaut', { '/ü': hello }, /escapes/],
  ['half a character', { '/\ud800': hello }, /escapes/],
  ['no slash', { a: hello }, /start with/],
];

test.each(ROUTES)('a route that is %s is refused', (_name, routes, message) =>
  run(async () => {
    expect(() => serve({ routes } as ServeOptions)).toThrow(TypeError);
    expect(() => serve({ routes } as ServeOptions)).toThrow(message);
  }),
);

test.each([
  ['a Map', new Map([['/', hello]]), /not Map/],
  ['pairs', [['/', hello]], /not Array/],
  ['null', null, /not null/],
  ['a function', hello, /not function/],
])('routes that are %s are refused', (_name, routes, message) =>
  run(async () => {
    expect(() => serve({ routes } as unknown as ServeOptions)).toThrow(TypeError);
    expect(() => serve({ routes } as unknown as ServeOptions)).toThrow(message);
  }),
);

test('routes that make sense', () =>
  withServer(
    {
      routes: { '/a:b': hello, '/%C3%BC': hello, '/m': { PURGE: hello, 'M-SEARCH': hello } },
    },
    async (server) => {
      for (const path of ['/a:b', '/%C3%BC']) expect((await ask(server, path)).status).toBe(200);
      expect((await ask(server, '/m', { method: 'PURGE' })).status).toBe(200);
      expect((await ask(server, '/m')).headers.allow).toBe('PURGE, M-SEARCH');
    },
  ));

test('what is late in a handler is a 504, of whatever kind', () =>
  withServer(
    {
      routes: {
        '/ours': async () =>
          timeout(0.001, async () => {
            await sleep(5);
            return hello();
          }),
        *'/generator'() {
          return yield* timeout(0.001, function* () {
            yield* sleep(5);
            return hello();
          });
        },
        '/signal': async () => {
          const signal = AbortSignal.timeout(1);
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          throw signal.reason;
        },
      },
    },
    async (server) => {
      const reported: unknown[] = [];
      getRunningLoop().setExceptionHandler((_loop, { exception }) => {
        reported.push((exception as Error).name);
      });
      for (const path of ['/ours', '/generator', '/signal']) {
        expect(await ask(server, path)).toMatchObject({ status: 504, text: 'Gateway Timeout' });
      }
      expect(reported).toEqual(['TimeoutError', 'TimeoutError', 'TimeoutError']);
    },
  ));

test('console.log shows one short line', () => {
  let seen!: Request;
  return withServer(
    {
      async fetch(request) {
        seen = request;
        await request.text();
        return hello();
      },
    },
    async (server) => {
      await ask(server, '/path?q', { method: 'POST', headers: { cookie: 'secret=1' } }, 'body');
      const shown: Array<[object, string | RegExp]> = [
        [seen, `Request { POST ${server.url}path?q }`],
        [seen.body, 'IncomingBody { 4 bytes, complete, used }'],
        [seen.headers, /^Headers \{ cookie: \(hidden\); host: 127/],
        [new Headers(), 'Headers {}'],
        [new Headers({ a: 'b', c: 'd' }), 'Headers { a: b; c: d }'],
        [hello(), 'Response { 200, 5 bytes of text/plain;charset=UTF-8 }'],
        [new Response(null, { status: 404 }), 'Response { 404, no body }'],
        [new Response((function* () {})()), 'Response { 200, a stream }'],
        [server, /^HttpServer \{ http:\/\/127\.0\.0\.1:\d+\/, \d connections \}$/],
      ];
      for (const [value, text] of shown) {
        if (text instanceof RegExp) expect(inspect(value)).toMatch(text);
        else expect(inspect(value)).toBe(text);
        expect(inspect({ value }, { depth: 3 }).length).toBeLessThan(200);
      }
    },
  );
});

test('cancelling serveForever ends a server with idle clients', () =>
  run(async () => {
    const server = await serve({ fetch: hello });
    expect((await ask(server, '/', { agent: false })).text).toBe('hello');
    const socket = (await import('node:net')).connect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    await new Promise((resolve) => socket.on('connect', resolve));
    while (server.connections === 0) await sleep(0);
    const forever = server.serveForever();
    forever.cancel();
    await server.waitClosed();
    expect(server.connections).toBe(0);
    expect(inspect(server)).toBe('HttpServer { closed, 0 connections }');
    socket.destroy();
  }));
