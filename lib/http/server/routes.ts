/** Combines routes, middleware and `fetch` into one handler. */
import { nearest } from '../../core/support/nearest.ts';
import { HEAD_BYTES_OFFSET, HEAD_PATH_LENGTH, HEAD_TARGET_OFFSET } from '../../native/layout.ts';
import { TOKEN } from '../message/grammar.ts';
import { HeadChunk } from '../message/head-chunk.ts';
import { METHODS } from '../message/methods.ts';
import { describe } from '../message/outgoing-body.ts';
import { BROKEN, Router } from '../router/router.ts';
import type { Declared } from '../router/router.ts';
import { refusal } from './error-response.ts';
import { chain, inTask } from './middleware-chain.ts';
import type { Endpoint, Middleware } from './middleware-chain.ts';
import type { Request } from './request.ts';
import { Response } from './response.ts';
import { GroupedRoute, joinPaths, RouteGroup } from './route-group.ts';
import { RouteKind } from './route-kind.ts';
import type { Answering, Handler, HandlerResult } from './serve-options.ts';
import type { HttpServer } from './server.ts';

/** The endpoint of a route, and its middleware. */
interface RouteEnd {
  readonly endpoint: Endpoint;
  readonly middleware: readonly Middleware[];
}

/** The handler of a server, and the routes in it. */
export interface Application {
  readonly handler: Endpoint;
  readonly router: Router<RouteEnd>;
}

/** @throws TypeError when a route is invalid, or conflicts with another */
export function makeApplication({ routes, fetch, middleware }: Answering): Application {
  const router = new Router<RouteEnd>();
  declareAll(router, '', routes, []);
  const rest = fetch === null ? notFound : inTask(fetch);
  return { router, handler: chain(middleware, router.isEmpty ? rest : dispatch(router, rest)) };
}

/** The declared routes as strings: `GET /users/:id`; `*` stands for all methods. */
export function namesOf(router: Router<unknown>): string[] {
  return [...router.list()].flatMap(([path, methods]) =>
    (methods ?? ['*']).map((method) => `${method} ${path}`),
  );
}

/** The same for routes without a server. @throws TypeError as `makeApplication` */
export function routeNames(routes: object): string[] {
  const router = new Router<RouteEnd>();
  declareAll(router, '', routes, []);
  return namesOf(router);
}

function notFound(request: Request): Response {
  const isAboutAll = request.method === 'OPTIONS' && request.target === '*';
  if (isAboutAll) return new Response(null, { status: 204 });
  return new Response('Not Found', { status: 404 });
}

function dispatch(router: Router<RouteEnd>, rest: Endpoint): Endpoint {
  return (request, server) => {
    const declared = search(router, request);
    if (declared === null) return miss(router, rest, request, server);
    if (declared === BROKEN) return refusal(400);
    request._found = router.found(declared);
    return declared.endpoint.endpoint(request, server);
  };
}

/** Most paths are looked up directly in the received bytes. */
function search(
  router: Router<RouteEnd>,
  request: Request,
): Declared<RouteEnd> | null | typeof BROKEN {
  const { _chunk: head, _record: record, method } = request;
  if (head instanceof HeadChunk) {
    const length = head.word(record, HEAD_PATH_LENGTH);
    if (length !== 0) {
      const start = head.word(record, HEAD_BYTES_OFFSET) + head.word(record, HEAD_TARGET_OFFSET);
      return router.find(head.bytes, start, start + length, method);
    }
  }
  return router.findText(request.path, method);
}

/** Responds when no route has the path, or none has it with this method. */
function miss(
  router: Router<RouteEnd>,
  rest: Endpoint,
  request: Request,
  server: HttpServer,
): HandlerResult {
  const others = router.others(request.path);
  if (others.length === 0) return rest(request, server);
  const allow = [...new Set(others.flatMap((entry) => entry.allowed))].join(', ');
  const answer = (): Response =>
    request.method === 'OPTIONS'
      ? new Response(null, { status: 204, headers: { allow } })
      : new Response('Method Not Allowed', { status: 405, headers: { allow } });
  // The route's middleware still runs: CORS, for example, handles OPTIONS.
  const { middleware } = [...others[0]!.methods.values()][0]!.endpoint;
  return chain(middleware, answer)(request, server);
}

function declareAll(
  router: Router<RouteEnd>,
  prefix: string,
  routes: object,
  middleware: readonly Middleware[],
): void {
  for (const [path, route] of Object.entries(routes) as [string, unknown][]) {
    if (!path.startsWith('/')) throw new TypeError(`route ${path} must start with /`);
    declare(router, joinPaths(prefix, path), route, middleware);
  }
}

function declare(
  router: Router<RouteEnd>,
  path: string,
  route: unknown,
  middleware: readonly Middleware[],
): void {
  if (route instanceof GroupedRoute) {
    declare(router, path, route.route, [...middleware, ...route.middleware]);
  } else if (route instanceof RouteGroup) declareAll(router, path, route, middleware);
  else if (route instanceof RouteKind) declareKind(router, path, route, middleware);
  else if (isPlain(route)) declareMethods(router, path, route, middleware);
  else add(router, path, null, route, middleware);
}

function declareMethods(
  router: Router<RouteEnd>,
  path: string,
  methods: object,
  middleware: readonly Middleware[],
): void {
  const all = Object.entries(methods);
  if (all.length === 0) throw new TypeError(`route ${path} has no methods`);
  for (const [method, route] of all) {
    checkMethod(path, method);
    add(router, path, method, route, middleware);
  }
}

function declareKind(
  router: Router<RouteEnd>,
  path: string,
  kind: RouteKind,
  middleware: readonly Middleware[],
): void {
  const endpoint = chain(middleware, (request, server) => {
    return kind._handle(request, server, request._found?.rest(request.path) ?? '');
  });
  const isOpen = kind._below && !/\/\*[^/]*$/.test(path);
  for (const method of kind._methods) {
    router.add(path, method, { endpoint, middleware });
    if (isOpen) router.add(`${path.replace(/\/$/, '')}/*`, method, { endpoint, middleware });
  }
}

function add(
  router: Router<RouteEnd>,
  path: string,
  method: string | null,
  route: unknown,
  middleware: readonly Middleware[],
): void {
  const what = method === null ? path : `${method} ${path}`;
  router.add(path, method, { endpoint: chain(middleware, endpointOf(what, route)), middleware });
}

function endpointOf(what: string, route: unknown): Endpoint {
  if (typeof route === 'function') return inTask(route as Handler);
  if (route instanceof Response) {
    if (route._streams) throw new TypeError(`route ${what}: a stream can be sent only once`);
    return () => route;
  }
  if (isForeignResponse(route)) {
    throw new TypeError(
      `route ${what}: a global Response can be sent only once; ` +
        'take the Response of oxbow/http, or a function that makes one',
    );
  }
  throw new TypeError(
    `route ${what} must be a Response, a function or an object of methods, not ${describe(route)}`,
  );
}

/**
 * Methods are case-sensitive, and those in use have no lower-case letters, so such a method is a
 * mistake.
 */
function checkMethod(path: string, method: string): void {
  if (method === 'CONNECT') {
    throw new TypeError(`route ${path}: the server makes no tunnels, so CONNECT comes to no route`);
  }
  if (TOKEN.test(method) && !/[a-z]/.test(method)) return;
  const meant = nearest(method.toUpperCase(), METHODS.slice(1) as string[]);
  throw new TypeError(
    `route ${path}: '${method}' is no method` +
      (meant === null ? '' : `; did you mean '${meant}'?`),
  );
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Compared by structure, to accept plain objects of another realm.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isForeignResponse(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Response]';
}
