import { describe } from './outgoing-body.ts';
import type { Request } from './request.ts';
import { Response } from './response.ts';
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
    if (!path.startsWith('/')) throw new TypeError(`route ${path} must start with /`);
    table.set(path, endpoint(path, route));
  }
  if (table.size === 0) return rest;
  return (request, server) => (table.get(request.path) ?? rest)(request, server);
}

function notFound(): AnyResponse {
  return new Response('Not Found', { status: 404 });
}

function endpoint(path: string, route: unknown): Endpoint {
  if (typeof route === 'function') return inTask(route as Handler);
  if (route instanceof Response) {
    if (route._streams) throw new TypeError(`route ${path}: a stream can be sent only once`);
    return () => route;
  }
  if (typeof route !== 'object' || route === null) {
    throw new TypeError(`route ${path} must be a Response, a function or an object of methods, `
      + `not ${describe(route)}`);
  }
  const methods = new Map<string, Endpoint>();
  for (const [method, one] of Object.entries(route)) {
    if (typeof one !== 'function' && !(one instanceof Response)) {
      throw new TypeError(`route ${method} ${path} must be a Response or a function`);
    }
    methods.set(method, endpoint(path, one));
  }
  if (methods.has('GET') && !methods.has('HEAD')) methods.set('HEAD', methods.get('GET')!);
  const allow = [...methods.keys()].join(', ');
  return (request, server) => methods.get(request.method)?.(request, server)
    ?? new Response('Method Not Allowed', { status: 405, headers: { allow } });
}

/**
 * An `async` function is started inside a task, so that it can await what needs a running loop and
 * can be cancelled; a `function*` becomes a task by what it returns.
 */
function inTask(handler: Handler): Endpoint {
  if (Object.prototype.toString.call(handler) !== '[object AsyncFunction]') return handler;
  return (request, server) => server._loop.createTask(
    () => handler(request, server) as PromiseLike<AnyResponse>, { eagerStart: true });
}
