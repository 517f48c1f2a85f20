import { nearest } from '../../core/support/nearest.ts';
import { TOKEN } from '../message/grammar.ts';
import { METHODS } from '../message/methods.ts';
import { describe } from '../message/outgoing-body.ts';
import type { Request } from './request.ts';
import { Response } from './response.ts';
import { RouteKind } from './route-kind.ts';
import type { AnyResponse, Handler, HandlerResult, Route } from './serve-options.ts';
import type { HttpServer } from './server.ts';

type Endpoint = (request: Request, server: HttpServer) => HandlerResult;

/**
 * One handler out of routes and `fetch`.
 * @throws TypeError when a route is nothing that can answer
 */
export function makeHandler(routes: Record<string, Route>, fetch: Handler | null): Handler {
  const rest = fetch === null ? notFound : inTask(fetch);
  const table = new Map<string, Endpoint>();
  for (const [path, route] of Object.entries(routes)) {
    checkPath(path);
    table.set(path, endpoint(path, route));
  }
  if (table.size === 0) return rest;
  return (request, server) => (table.get(request.path) ?? rest)(request, server);
}

function notFound(): AnyResponse {
  return new Response('Not Found', { status: 404 });
}

/** What no request has as its path would never be answered. */
function checkPath(path: string): void {
  if (!path.startsWith('/')) throw new TypeError(`route ${path} must start with /`);
  if (!/^[\x21-\x7e]*$/.test(path)) {
    throw new TypeError(`route ${path}: a path is matched as it is sent, with escapes (encodeURI)`);
  }
  if (/[?#]/.test(path)) {
    throw new TypeError(`route ${path}: a path has no query and no fragment`);
  }
  if (/\/(?::|[^/]*\*|\{)/.test(path)) {
    throw new TypeError(
      `route ${path}: patterns are not known, paths are matched as they stand; ` +
        'let fetch look at request.path',
    );
  }
}

function endpoint(path: string, route: unknown): Endpoint {
  if (typeof route === 'function') return inTask(route as Handler);
  if (route instanceof Response) {
    if (route._streams) throw new TypeError(`route ${path}: a stream can be sent only once`);
    return () => route;
  }
  if (isForeignResponse(route)) {
    throw new TypeError(
      `route ${path}: a global Response can be sent only once; ` +
        'take the Response of oxbow/http, or a function that makes one',
    );
  }
  if (route instanceof RouteKind) return kindOf(route);
  if (!isPlain(route)) {
    throw new TypeError(
      `route ${path} must be a Response, a function or an object of methods, ` +
        `not ${describe(route)}`,
    );
  }
  const methods = new Map<string, Endpoint>();
  for (const [method, one] of Object.entries(route)) {
    checkMethod(path, method);
    if (typeof one !== 'function' && !(one instanceof Response) && !isForeignResponse(one)) {
      throw new TypeError(
        `route ${method} ${path} must be a Response or a function, ` + `not ${describe(one)}`,
      );
    }
    methods.set(method, endpoint(`${method} ${path}`, one));
  }
  if (methods.size === 0) throw new TypeError(`route ${path} has no methods`);
  return byMethod(methods);
}

function kindOf(kind: RouteKind): Endpoint {
  const answer: Endpoint = (request, server) => kind._handle(request, server, '');
  return byMethod(new Map(kind._methods.map((method) => [method, answer])));
}

function byMethod(methods: Map<string, Endpoint>): Endpoint {
  if (methods.has('GET') && !methods.has('HEAD')) methods.set('HEAD', methods.get('GET')!);
  const allow = [...methods.keys()].join(', ');
  return (request, server) =>
    methods.get(request.method)?.(request, server) ??
    new Response('Method Not Allowed', { status: 405, headers: { allow } });
}

/** Methods are case-sensitive, and none that anybody sends has small letters. */
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
  // Also an object of another realm.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isForeignResponse(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Response]';
}

/**
 * An `async` function is started inside a task, so that it can await what needs a running loop and
 * can be cancelled; a `function*` becomes a task by what it returns.
 */
function inTask(handler: Handler): Endpoint {
  if (Object.prototype.toString.call(handler) !== '[object AsyncFunction]') return handler;
  return (request, server) =>
    server._loop._startTask(() => handler(request, server) as PromiseLike<AnyResponse>);
}
