// Middlewares of a client, and the one that tries again.
import { createTask, getRunningLoop, run, sleep, TimeoutError } from 'oxbow';
import {
  ClientConnectorError,
  ClientPayloadError,
  ClientResponseError,
  ClientSession,
  Headers,
  Response,
  retryRequests,
  serve,
} from 'oxbow/http';
import type { ClientMiddleware, ClientResponse, RetryRequestsOptions } from 'oxbow/http';
import { runVirtual } from 'oxbow/testing';

import { withNode, withRaw } from './client-support.ts';

test('both lanes, in order, around each hop', () => {
  const told: string[] = [];
  const generator: ClientMiddleware = function* (request, next) {
    told.push(`> ${request.method} ${request.url.pathname}`);
    request.headers.set('x-one', '1');
    const response = yield* next(request);
    told.push(`< ${response.status}`);
    return response;
  };
  const asynchronous: ClientMiddleware = async (request, next) => {
    await sleep(0);
    const headers = new Headers(request.headers);
    headers.set('x-two', `${headers.get('x-one')!}2`);
    const response = await next(request.withHeaders(headers));
    await sleep(0);
    return response;
  };
  return withNode(
    (request, response) => {
      if (request.url === '/a') response.writeHead(302, { location: '/b' }).end();
      else response.end(`${request.headers['x-two']}`);
    },
    async (url) => {
      await using session = new ClientSession({ middlewares: [generator, asynchronous] });
      await createTask(function* () {
        const response = yield* session.get(`${url}a`);
        expect(yield* response.text()).toBe('12');
      });
      expect(told.splice(0)).toEqual(['> GET /a', '< 302', '> GET /b', '< 200']);
      // Those of a request count in place of the session's.
      const plain = await session.get(`${url}b`, { middlewares: [(_request, next) => next()] });
      expect(await plain.text()).toBe('undefined');
      expect(told).toEqual([]);
    },
  );
});

test('what a middleware gives or throws', () =>
  withNode(
    (_request, response) => response.end('x'),
    async (url) => {
      await using session = new ClientSession();
      const get = (middleware: ClientMiddleware): Promise<ClientResponse> =>
        session.get(url, { middlewares: [middleware] }).then();
      await expect(get(() => 5 as never)).rejects.toThrow('must give a ClientResponse, not 5');
      await expect(get((_request, next) => next({} as never))).rejects.toThrow(/next\(\) takes/);
      await expect(
        get(() => {
          throw new RangeError('mine');
        }),
      ).rejects.toThrow(new RangeError('mine'));
      let before: ClientResponse | null = null;
      const cached: ClientMiddleware = (_request, next) => before ?? next();
      before = await get(cached);
      expect(await before.text()).toBe('x');
      expect(await (await get(cached)).text()).toBe('x');
      const twice = session.post(url, {
        body: (async function* () {
          yield 'once';
        })(),
        middlewares: [
          function* (request, next) {
            (yield* next(request)).release();
            return yield* next(request);
          },
        ],
      });
      await expect(twice).rejects.toBeInstanceOf(ClientPayloadError);
    },
  ));

test('limits and signals end middlewares, and the body that comes through them', () =>
  runVirtual(async () => {
    const server = await serve({
      *fetch(request) {
        if (request.path === '/slow') {
          return new Response(
            (function* () {
              yield 'begin';
              yield* sleep('1h');
            })(),
          );
        }
        return new Response('x');
      },
    });
    const session = new ClientSession({ baseUrl: server.url, timeout: 5 });
    const ended: string[] = [];
    const waits: ClientMiddleware = async (request, next) => {
      try {
        const response = await next(request);
        await sleep('1h');
        return response;
      } catch (error) {
        ended.push((error as Error).name);
        throw error;
      }
    };
    const late = session.get('/', { middlewares: [waits] });
    await expect(late).rejects.toBeInstanceOf(TimeoutError);
    const controller = new AbortController();
    const aborted = session.get('/', { middlewares: [waits], signal: controller.signal });
    await sleep(1);
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
    const cancelled = session.get('/', { middlewares: [waits] });
    await sleep(1);
    cancelled.cancel();
    await expect(cancelled).rejects.toMatchObject({ name: 'CancelledError' });
    expect(ended).toEqual(['CancelledError', 'CancelledError', 'CancelledError']);
    const response = await session.get('/slow', { middlewares: [(_request, next) => next()] });
    await expect(response.text()).rejects.toBeInstanceOf(TimeoutError);
    await session.close();
    await server.shutdown({ timeout: 1 });
  }));

/** Has statuses given in turn; the pauses between the questions, in seconds. */
function tried(
  answers: (number | [status: number, after: string])[],
  options: RetryRequestsOptions = {},
  method = 'GET',
): Promise<{ status: number; waits: number[] }> {
  return runVirtual(function* () {
    const loop = getRunningLoop();
    const times: number[] = [];
    const server = yield* serve({
      fetch() {
        times.push(loop.time());
        const answer = answers[Math.min(times.length, answers.length) - 1]!;
        const [status, after] = typeof answer === 'number' ? [answer, null] : answer;
        const headers: Record<string, string> = after === null ? {} : { 'retry-after': after };
        return new Response('', { status, headers });
      },
    });
    const session = new ClientSession({
      middlewares: [retryRequests({ random: () => 0, ...options })],
    });
    const response = yield* session.request(method, server.url);
    yield* session.close();
    yield* server.shutdown({ timeout: 1 });
    const waits = times.slice(1).map((time, at) => Math.round((time - times[at]!) * 100) / 100);
    return { status: response.status, waits };
  });
}

test('what is tried again, and after how long', async () => {
  expect(await tried([503, 502, 200])).toEqual({ status: 200, waits: [0.25, 0.5] });
  expect(await tried([503], { attempts: 4, jitter: false })).toEqual({
    status: 503,
    waits: [0.5, 1, 2],
  });
  expect(await tried([503], { attempts: 5, delay: 10, maxDelay: 25, jitter: false })).toEqual({
    status: 503,
    waits: [10, 20, 25, 25],
  });
  expect(await tried([[429, '7'], [503, '0'], 200])).toEqual({ status: 200, waits: [7, 0] });
  // Longer than we would wait: it is handed out.
  expect(await tried([[429, '31'], 200])).toEqual({ status: 429, waits: [] });
  expect(await tried([404, 200])).toEqual({ status: 404, waits: [] });
  expect(await tried([503, 200], { attempts: 1 })).toEqual({ status: 503, waits: [] });
  expect(await tried([503, 200], {}, 'POST')).toEqual({ status: 503, waits: [] });
  expect(await tried([503, 200], { methods: ['post'] }, 'POST')).toMatchObject({ status: 200 });
  expect(await tried([404, 200], { statuses: [404] })).toMatchObject({ status: 200 });
});

test('Retry-After that is a date, or nothing that we know', async () => {
  const old = 'Fri, 31 Dec 1999 23:59:59 GMT';
  expect(await tried([[503, old], 200])).toEqual({ status: 200, waits: [0] });
  const far = 'Thu, 31 Dec 2099 23:59:59 GMT';
  expect(await tried([[503, far], 200])).toEqual({ status: 503, waits: [] });
  for (const text of ['-1', '1.5', 'soon', '99999999999']) {
    expect(await tried([[503, text], 200])).toEqual({ status: 200, waits: [0.25] });
  }
});

test('a connection that breaks is tried again; one that cannot be is told in the end', () =>
  withRaw(
    (socket, connections) => {
      socket.on('data', () => {
        if (connections < 3) socket.destroy();
        else socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi');
      });
    },
    async (url) => {
      const middlewares = [retryRequests({ delay: 0 })];
      await using session = new ClientSession({ middlewares });
      expect(await (await session.get(url)).text()).toBe('hi');
      const nowhere = session.get('http://127.0.0.1:1/');
      await expect(nowhere).rejects.toBeInstanceOf(ClientConnectorError);
    },
  ));

test.each([
  [{ attempts: 0 }, /^attempts must be an integer from 1/],
  [{ delay: -1 }, /delay must be 0 or more/],
  [{ statuses: 503 }, /statuses must be an array/],
  [{ methods: [1] }, /methods has number/],
  [{ retries: 1 }, /there is no option 'retries'/],
  [{ random: 1 }, /random must be a function/],
])('retryRequests(%j)', (options, message) => {
  expect(() => retryRequests(options as never)).toThrow(message);
});

test('raiseForStatus may be a function of either lane', () =>
  withNode(
    (_request, response) => response.writeHead(404).end('nothing'),
    async (url) => {
      await using session = new ClientSession({
        raiseForStatus: async (response) => {
          throw new Error(`${response.status}: ${await response.text()}`);
        },
      });
      await expect(session.get(url)).rejects.toThrow('404: nothing');
      const lenient = await session.get(url, { raiseForStatus: () => {} });
      expect(lenient.status).toBe(404);
      const generator = function* (response: ClientResponse) {
        yield* sleep(0);
        response.raiseForStatus();
      };
      const strict = session.get(url, { raiseForStatus: generator });
      await expect(strict).rejects.toBeInstanceOf(ClientResponseError);
      await expect(strict).rejects.toMatchObject({ code: 'ERR_HTTP_STATUS', status: 404 });
    },
  ));

test('outside of a server nothing is sent when a middleware answers', () =>
  run(async () => {
    const refuse: ClientMiddleware = (request) => {
      throw new Error(`not to ${request.url.host}`);
    };
    await using session = new ClientSession({ middlewares: [refuse] });
    await expect(session.get('http://nowhere.test/')).rejects.toThrow('not to nowhere.test');
  }));
