/** From a request to its response: the only place that calls user code of a server. */
import { CancelledError } from '../core/errors.ts';
import type { Future } from '../core/future.ts';
import { describe } from './outgoing-body.ts';
import { HttpError } from './http-error.ts';
import type { Request } from './request.ts';
import { Response } from './response.ts';
import { respond } from './respond.ts';
import type { ServerConnection } from './server-connection.ts';

/** Calls the handler and answers, at once when it returns a response, else when it is done. */
export function runHandler(connection: ServerConnection, request: Request): void {
  let result: unknown;
  try {
    result = connection._server._handler(request, connection._server);
  } catch (error) {
    onError(connection, request, error, true);
    return;
  }
  if (result instanceof Response) answer(connection, request, result, true);
  else await_(connection, request, result, true);
}

/** `first` tells the handler from the error handler, whose own errors are not given back to it. */
function await_(
  connection: ServerConnection, request: Request, result: unknown, first: boolean,
): void {
  const future = asFuture(connection, result);
  if (future === null) {
    answer(connection, request, result, first);
    return;
  }
  if (future.done()) {
    settle(connection, request, future, first);
    return;
  }
  connection._task = future;
  future.addDoneCallback(() => {
    settle(connection, request, future, first);
    connection._advance();
  });
}

/** The future of what a handler returned, or null when it is no awaitable. */
function asFuture(connection: ServerConnection, result: unknown): Future<unknown> | null {
  if (typeof result !== 'object' || result === null) return null;
  if (typeof (result as Future<unknown>).addDoneCallback === 'function') {
    return result as Future<unknown>;
  }
  const loop = connection._loop;
  if (typeof (result as Generator).next === 'function'
    && typeof (result as Generator).throw === 'function') {
    return loop.createTask(result as Generator<any, unknown>, { eagerStart: true });
  }
  if (typeof (result as PromiseLike<unknown>).then === 'function') {
    return loop.createTask(Promise.resolve(result as PromiseLike<unknown>));
  }
  return null;
}

function settle(
  connection: ServerConnection, request: Request, future: Future<unknown>, first: boolean,
): void {
  connection._task = null;
  let result: unknown;
  try {
    result = future.result();
  } catch (error) {
    onError(connection, request, error, first);
    return;
  }
  answer(connection, request, result, first);
}

function answer(
  connection: ServerConnection, request: Request, result: unknown, first: boolean,
): void {
  try {
    respond(connection, request, toResponse(result));
  } catch (error) {
    onError(connection, request, error, first);
  }
}

function onError(
  connection: ServerConnection, request: Request, error: unknown, first: boolean,
): void {
  if (connection._gone && (error instanceof CancelledError || request._abortedBy(error))) {
    connection._finish(request);
    return;
  }
  if (error instanceof HttpError) {
    respond(connection, request, new Response(error.message, { status: error.status }));
    return;
  }
  const { _onError, _loop } = connection._server;
  if (_onError !== null && first) {
    let result: unknown;
    try {
      result = _onError(error, request);
    } catch (another) {
      onError(connection, request, another, false);
      return;
    }
    await_(connection, request, result, false);
    return;
  }
  _loop.callExceptionHandler({
    message: `Exception in the handler of ${request.method} ${request.target}`,
    exception: error,
  });
  respond(connection, request, new Response('Internal Server Error', { status: 500 }));
}

/** What WHATWG's Response and its like have. */
interface ResponseLike {
  status: number;
  statusText?: string;
  headers: Iterable<[string, string]>;
  body: AsyncIterable<Uint8Array> | null;
  bodyUsed?: boolean;
}

function toResponse(result: unknown): Response {
  if (result instanceof Response) return result;
  const like = result as ResponseLike | null | undefined;
  if (typeof like === 'object' && like !== null && typeof like.status === 'number'
    && typeof like.headers === 'object' && 'body' in like) {
    if (like.bodyUsed === true) throw new TypeError('body of the response was already used');
    const { status, statusText, headers, body } = like;
    return new Response(body, { status, statusText: statusText ?? '', headers });
  }
  throw new TypeError(`a handler must return a Response, not ${describe(result)}`);
}
