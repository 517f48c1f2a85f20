/** Wraps middleware around endpoints. A chain is built once, when routes are declared. */
import { RuntimeError } from '../../core/errors/errors.ts';
import type { Future } from '../../core/future/future.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { callInTask } from '../../core/task/call-task.ts';
import { LateTaskCall } from '../../core/task/late-call.ts';
import type { Coro } from '../../core/support/types.ts';
import { describe } from '../message/outgoing-body.ts';
import { startedBy } from '../message/started-by.ts';
import { toResponse } from './handler-result.ts';
import { ownResponse } from './own-response.ts';
import { Request } from './request.ts';
import { Response } from './response.ts';
import type { Handler, HandlerResult } from './serve-options.ts';
import type { HttpServer } from './server.ts';

/**
 * Calls the next middleware or the handler. The future has its response, or fails with its error.
 * Cancelling it cancels that call.
 * @throws RuntimeError when it was already called for this request; TypeError for anything but a
 * request
 */
export type Next = (request?: Request) => Future<Response>;

/**
 * A function around handlers. It may inspect the request, respond itself, or call `next` and use or
 * change the response, which is never shared with other requests. A plain, a `function*` or an
 * `async` function.
 * @example
 * function* timed(request: Request, next: Next) {
 *   const start = performance.now();
 *   const response = yield* next();
 *   response.headers.set('server-timing', `app;dur=${performance.now() - start}`);
 *   return response;
 * }
 */
export type Middleware = (request: Request, next: Next) => HandlerResult;

export type Endpoint = (request: Request, server: HttpServer) => HandlerResult;

/** @throws TypeError unless it is an array of functions */
export function checkMiddleware(where: string, middleware: unknown): void {
  if (!Array.isArray(middleware)) {
    throw new TypeError(`${where}: middleware must be an array, not ${describe(middleware)}`);
  }
  for (const one of middleware as unknown[]) {
    if (typeof one === 'function') continue;
    throw new TypeError(`${where}: middleware must be functions, not ${describe(one)}`);
  }
}

/** The endpoint with the middleware around it; the first is outermost. */
export function chain(middleware: readonly Middleware[], endpoint: Endpoint): Endpoint {
  return middleware.reduceRight<Endpoint>((inner, one) => around(one, inner), endpoint);
}

function around(middleware: Middleware, inner: Endpoint): Endpoint {
  const isAsync = isAsyncFunction(middleware);
  return (request, server) => {
    const next = nextOf(inner, request, server);
    if (!isAsync) return middleware(request, next);
    return startAsync(server._loop, () => middleware(request, next));
  };
}

function nextOf(inner: Endpoint, given: Request, server: HttpServer): Next {
  let called = false;
  return (request = given) => {
    if (!(request instanceof Request)) {
      throw new TypeError(`next() takes the request or nothing, not ${describe(request)}`);
    }
    if (called) throw new RuntimeError('next() was called before for this request');
    called = true;
    return server._loop._startTask(answerOf(server._loop, inner, request, server));
  };
}

function* answerOf(
  loop: EventLoop,
  inner: Endpoint,
  request: Request,
  server: HttpServer,
): Coro<Response> {
  let result: unknown = inner(request, server);
  if (!(result instanceof Response)) {
    if (isGenerator(result)) result = yield* result as Coro<unknown>;
    else {
      const future = startedBy(loop, result);
      if (future !== null) result = yield* future;
    }
  }
  return ownResponse(toResponse(result));
}

function isGenerator(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Generator]';
}

/**
 * Makes an endpoint of a handler. An `async` function is started inside a task, so that it can
 * await what needs a running task, and can be cancelled; what a `function*` returns is made a task
 * later.
 */
export function inTask(handler: Handler): Endpoint {
  if (isGeneratorFunction(handler)) return handler;
  return isAsyncFunction(handler) ? inOwnTask(handler) : plain(handler);
}

function inOwnTask(handler: Handler): Endpoint {
  return (request, server) => startAsync(server._loop, () => handler(request, server));
}

/**
 * A plain function, such as that of a framework, may call `async` code, and then needs a task as
 * well. When it returns a response directly, it is not given one, which is cheaper.
 */
function plain(handler: Handler): Endpoint {
  // Frameworks (Hono) get the server as their environment and as their execution context.
  const call = handler as (...args: unknown[]) => HandlerResult;
  let isDirect = true;
  return (request, server) => {
    if (!LateTaskCall.isPossible()) {
      return callInTask(server._loop, () => call(request, server, server)) as HandlerResult;
    }
    const late = LateTaskCall.begin(server._loop, isDirect);
    let result: HandlerResult;
    try {
      result = call(request, server, server);
    } catch (error) {
      return late.threw(error) as HandlerResult;
    }
    const answer = late.returned(result) as HandlerResult;
    if (answer !== result) isDirect = false;
    return answer;
  };
}

function isGeneratorFunction(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object GeneratorFunction]';
}

export function isAsyncFunction(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object AsyncFunction]';
}

function startAsync(loop: EventLoop, body: () => HandlerResult): HandlerResult {
  return loop._startTask(body as () => PromiseLike<Response>);
}
