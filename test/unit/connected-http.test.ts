// connectedHttp: a server and a session that reach each other. routesOf: an application's routes.
import { createTask, getRunningLoop, run, sleep } from 'oxbow';
import { group, Response, serve, staticFiles, websocket } from 'oxbow/http';
import { connectedHttp, routesOf, runVirtual } from 'oxbow/testing';

const app = {
  routes: {
    '/slow': async () => {
      await sleep('1h');
      return new Response('at last');
    },
    '/chat': websocket({ message: (socket, message) => void socket.send(message) }),
  },
};

test('what lies between a client and a server, in virtual time, in both lanes', () =>
  runVirtual(async () => {
    const loop = getRunningLoop();
    const stopped: string[] = [];
    const pair = await connectedHttp({ ...app, onStop: () => void stopped.push('stop') });
    const { session, server } = pair;
    const start = loop.time();
    expect(await (await session.get('/slow', { timeout: null })).text()).toBe('at last');
    expect(loop.time() - start).toBeCloseTo(3600, 0);
    const socket = await session.websocket('/chat');
    socket.send('hello');
    expect(await socket.receive()).toBe('hello');
    expect(server.pending).toBe(0);
    await pair.close();
    await pair.close();
    expect([session.closed, stopped]).toEqual([true, ['stop']]);
    await createTask(function* () {
      const other = yield* connectedHttp(() => new Response('x'), { timeout: '1s' });
      expect(yield* (yield* other.session.get('/any')).text()).toBe('x');
      yield* other.close();
    });
  }));

test('in real time over 127.0.0.1, and what is wrong', async () => {
  await run(async () => {
    await using pair = await connectedHttp(() => new Response('x'));
    expect(await (await pair.session.get('/')).text()).toBe('x');
    expect(pair.server.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    await expect(Promise.resolve(connectedHttp(5 as never))).rejects.toThrow(/a handler, not 5/);
    const wrong = connectedHttp(app, { limit: -1 });
    await expect(Promise.resolve(wrong)).rejects.toThrow(/limit/);
    const unknown = connectedHttp(app, { limits: {}, tsl: true } as never);
    await expect(Promise.resolve(unknown)).rejects.toThrow(/did you mean 'tls'/);
  });
  expect(() => connectedHttp(app)).toThrow(/no running event loop/);
});

test('routes, sorted, of an application and of a server', async () => {
  const all = {
    routes: {
      '/users/:id': { GET: () => new Response(''), DELETE: () => new Response('') },
      '/': new Response(''),
      '/api': group({ routes: { '/': new Response(''), '/items/*rest': new Response('') } }),
      '/files': staticFiles('.'),
      ...app.routes,
    },
    fetch: () => new Response(''),
  };
  const names = [
    '* *',
    '* /',
    '* /api',
    '* /api/items/*rest',
    'GET /chat',
    'GET /files',
    'GET /files/*',
    '* /slow',
    'DELETE /users/:id',
    'GET /users/:id',
  ];
  expect(routesOf(all)).toEqual(names);
  expect(routesOf({ routes: {} })).toEqual([]);
  expect(routesOf(() => new Response(''))).toEqual(['* *']);
  expect(() => routesOf({ routes: { '/a/:x': 5 } } as never)).toThrow(/must be a Response/);
  expect(() => routesOf(5 as never)).toThrow(/routesOf\(\) takes options of serve\(\)/);
  await run(async () => {
    const server = await serve(all);
    expect(routesOf(server)).toEqual(names.slice(1));
    server.close();
  });
});
