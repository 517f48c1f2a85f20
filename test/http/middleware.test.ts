// Middleware: the order in which it runs, what it may do, and what goes with a request.
import { ContextVar, run, sleep, timeout } from 'oxbow';
import { ContextKey, group, HttpError, Response, serve } from 'oxbow/http';
import type { Middleware, Next, Request } from 'oxbow/http';
import { ask, withServer } from './serve-support.ts';

const marked =
  (mark: string): Middleware =>
  async (_request, next) => {
    const response = await next();
    response.headers.append('x-mark', mark);
    return response;
  };

test('both lanes and plain functions, the first outermost, around routes, fetch, 404 and 405', () => {
  const order: string[] = [];
  const plain: Middleware = (_request, next) => {
    order.push('plain');
    return next();
  };
  const generator: Middleware = function* (_request: Request, next: Next) {
    order.push('generator');
    const response = yield* next();
    order.push('generator again');
    response.headers.set('x-generator', 'yes');
    return response;
  };
  const asynchronous: Middleware = async (_request, next) => {
    await sleep(0);
    order.push('async');
    const response = await next();
    order.push('async again');
    return response;
  };
  const constant = new Response('constant');
  return withServer(
    {
      middleware: [plain, generator, asynchronous],
      routes: {
        '/plain': () => new Response('plain'),
        '/constant': constant,
        *'/generator'() {
          yield* sleep(0);
          return new Response('generator');
        },
        '/async': async () => {
          await sleep(0);
          return new globalThis.Response('async');
        },
        '/get/x': { GET: constant },
        '/:id': (request) => new Response(request.params.id),
      },
    },
    async (server) => {
      for (const [path, status] of [
        ['/plain', 200],
        ['/constant', 200],
        ['/generator', 200],
        ['/async', 200],
        ['/7', 200],
        ['/a/b', 404],
      ] as const) {
        order.length = 0;
        const answer = await ask(server, path);
        expect([path, answer.status, answer.headers['x-generator']]).toEqual([path, status, 'yes']);
        expect(order).toEqual(['plain', 'generator', 'async', 'async again', 'generator again']);
      }
      expect((await ask(server, '/get/x', { method: 'PUT' })).headers).toMatchObject({
        'x-generator': 'yes',
        allow: 'GET, HEAD',
      });
    },
  );
});

test('what middleware adds does not pile up in a response that is sent again', () => {
  const constant = new Response('x', { headers: { 'x-own': '1' } });
  return withServer(
    {
      middleware: [marked('a'), marked('b')],
      routes: { '/route': constant },
      fetch: () => constant,
    },
    async (server) => {
      for (const path of ['/route', '/fetch', '/route', '/fetch']) {
        expect((await ask(server, path)).headers).toMatchObject({ 'x-mark': 'b, a', 'x-own': '1' });
      }
      expect([...constant.headers]).toEqual([
        ['x-own', '1'],
        ['content-type', 'text/plain;charset=UTF-8'],
      ]);
    },
  );
});

test('it may answer itself, and what is inside is not asked', () => {
  let asked = 0;
  return withServer(
    {
      middleware: [
        marked('outer'),
        (request, next) =>
          request.headers.has('authorization') ? next() : new Response('who?', { status: 401 }),
      ],
      fetch() {
        asked += 1;
        return new Response('in');
      },
    },
    async (server) => {
      expect(await ask(server, '/')).toMatchObject({ status: 401, text: 'who?' });
      expect(asked).toBe(0);
      const headers = { authorization: 'x' };
      expect(await ask(server, '/', { headers })).toMatchObject({ status: 200, text: 'in' });
    },
  );
});

test('errors come out of next, can be answered, and go on to the error handler else', () => {
  const seen: unknown[] = [];
  return withServer(
    {
      middleware: [
        async (request, next) => {
          try {
            return await next();
          } catch (error) {
            seen.push((error as Error).message);
            if (request.path === '/caught') return new Response('caught', { status: 418 });
            throw error;
          }
        },
      ],
      routes: {
        '/caught': () => {
          throw new Error('sync');
        },
        '/http': async () => {
          throw new HttpError(403, 'no');
        },
        *'/error'() {
          yield* sleep(0);
          throw new Error('late');
        },
        '/wrong': (() => 5) as never,
      },
      error: (error) => new Response(`error: ${(error as Error).message}`, { status: 500 }),
    },
    async (server) => {
      expect(await ask(server, '/caught')).toMatchObject({ status: 418, text: 'caught' });
      expect(await ask(server, '/http')).toMatchObject({ status: 403, text: 'no' });
      expect(await ask(server, '/error')).toMatchObject({ status: 500, text: 'error: late' });
      expect((await ask(server, '/wrong')).text).toMatch(/must return a Response/);
      expect(seen.slice(0, 3)).toEqual(['sync', 'no', 'late']);
    },
  );
});

test('next() twice, and next() of what is no request, are errors', () => {
  const errors: string[] = [];
  return withServer(
    {
      middleware: [
        async (_request, next) => {
          await next();
          try {
            await next();
          } catch (error) {
            errors.push((error as Error).message);
          }
          try {
            await next({} as never);
          } catch (error) {
            errors.push((error as Error).message);
          }
          return new Response('done');
        },
      ],
      fetch: () => new Response('x'),
    },
    async (server) => {
      expect((await ask(server, '/')).text).toBe('done');
      expect(errors[0]).toMatch(/called before/);
      expect(errors[1]).toMatch(/takes the request or nothing/);
    },
  );
});

test('a cancel goes through to the handler, and context variables are seen inside', () => {
  const NAME = new ContextVar<string>('name');
  let cleaned = false;
  return withServer(
    {
      middleware: [
        async (request, next) => {
          NAME.set('set outside');
          if (request.path !== '/slow') return next();
          return await timeout(0.01, async () => next());
        },
      ],
      routes: {
        '/name': () => new Response(NAME.get()),
        *'/slow'() {
          try {
            yield* sleep(60);
          } finally {
            cleaned = true;
          }
          return new Response('never');
        },
      },
      error: () => new Response('late', { status: 504 }),
    },
    async (server) => {
      expect((await ask(server, '/name')).text).toBe('set outside');
      expect(await ask(server, '/slow')).toMatchObject({ status: 504, text: 'late' });
      expect(cleaned).toBe(true);
    },
  );
});

test('values go with a request and with the server', () => {
  const USER = new ContextKey<{ name: string }>('user');
  const LIMIT = new ContextKey<number>('limit', { default: 10 });
  const DATABASE = new ContextKey<string>('database');
  return withServer(
    {
      middleware: [
        (request, next) => {
          if (request.path !== '/none') request.set(USER, { name: 'ann' });
          return next();
        },
      ],
      fetch: (request) =>
        Response.json([
          request.has(USER),
          request.get(USER).name,
          request.get(LIMIT),
          request.get(DATABASE),
          request.has(LIMIT),
        ]),
      error: (error) => new Response(String(error), { status: 500 }),
    },
    async (server) => {
      server.set(DATABASE, 'db');
      expect(JSON.parse((await ask(server, '/')).text)).toEqual([true, 'ann', 10, 'db', false]);
      expect((await ask(server, '/none')).text).toBe(
        'ReferenceError: nothing is set for ContextKey { user }',
      );
      server.set(LIMIT, 20);
      expect(JSON.parse((await ask(server, '/')).text)).toEqual([true, 'ann', 20, 'db', true]);
      expect(server.get(LIMIT)).toBe(20);
      expect(() => server.set('key' as never, 1)).toThrow(/ContextKey/);
    },
  );
});

test('onResponse sees whatever is sent, the last first', () =>
  withServer(
    {
      middleware: [
        (request, next) => {
          request.onResponse((response) => response.headers.append('x-seen', '1'));
          request.onResponse((response) => response.headers.append('x-seen', '2'));
          return next();
        },
      ],
      routes: {
        '/ok': new Response('ok'),
        '/http': () => {
          throw new HttpError(409);
        },
        '/stream': () => new Response(['a', 'b'].values()),
      },
    },
    async (server) => {
      for (const [path, status] of [
        ['/ok', 200],
        ['/ok', 200],
        ['/http', 409],
        ['/none', 404],
        ['/stream', 200],
      ] as const) {
        const { status: got, headers } = await ask(server, path);
        expect([path, got, headers['x-seen']]).toEqual([path, status, '2, 1']);
      }
    },
  ));

test('what is no middleware is refused', () =>
  run(async () => {
    const fetch = (): Response => new Response('');
    expect(() => serve({ fetch, middleware: fetch as never })).toThrow(/must be an array/);
    expect(() => serve({ fetch, middleware: [5 as never] })).toThrow(/must be functions, not/);
    expect(() => group({ middleware: [null as never] })).toThrow(/group\(\): middleware/);
    expect(() => group('x', {})).toThrow(/prefix/);
    expect(() => group({ route: {} } as never)).toThrow(/did you mean 'routes'/);
    expect(() => new ContextKey('')).toThrow(TypeError);
  }));
