/** From a request to its response: the only place that calls user code of a server. */
import { CancelledError, isA, KeyboardInterrupt, TimeoutError } from '../../core/errors/errors.ts';
import { Future } from '../../core/future/future.ts';
import { current } from '../../core/context/running.ts';
import { holdChunk } from '../message/head-chunk.ts';
import { describe } from '../message/outgoing-body.ts';
import { HttpError } from '../message/http-error.ts';
import type { Request } from './request.ts';
import { leavePacking, Response } from './response.ts';
import { respond } from './respond.ts';
import type { ServerConnection } from './server-connection.ts';

/** Calls the handler and answers, at once when it returns a response, else when it is done. */
export function runHandler(connection: ServerConnection, request: Request): void {
  let result: unknown;
  let ready: boolean;
  // What the handler before it has set is not for this one.
  current.values = connection._server._values;
  try {
    result = connection._server._handler(request, connection._server);
    ready = result instanceof Response;
  } catch (error) {
    onError(connection, request, error, true);
    return;
  }
  if (ready) answer(connection, request, result, true);
  else await_(connection, request, result, true);
}

/** `first` tells the handler from the error handler, whose own errors are not given back to it. */
function await_(
  connection: ServerConnection,
  request: Request,
  result: unknown,
  first: boolean,
): void {
  let future: Future<unknown> | null;
  try {
    future = asFuture(connection, result);
  } catch (error) {
    onError(connection, request, error, first);
    return;
  }
  if (future === null) {
    answer(connection, request, result, first);
    return;
  }
  if (future.done()) {
    settle(connection, request, future, first);
    return;
  }
  holdChunk(request);
  connection._await(future, first);
}

/**
 * The future of what a handler returned, or null when it is no awaitable. It may be anything at
 * all, also an object whose properties throw when they are read.
 */
function asFuture(connection: ServerConnection, result: unknown): Future<unknown> | null {
  if (typeof result !== 'object' || result === null) return null;
  if (result instanceof Future) return result;
  const loop = connection._loop;
  if (
    typeof (result as Generator).next === 'function' &&
    typeof (result as Generator).throw === 'function'
  ) {
    return loop._startTask(result as Generator<any, unknown>);
  }
  if (typeof (result as PromiseLike<unknown>).then === 'function') {
    // At once: a Promise that is rejected already must not be found without a listener.
    return loop._startTask(Promise.resolve(result as PromiseLike<unknown>));
  }
  return null;
}

/** Answers with what came of the handler, or of the error handler when it is not the `first`. */
export function settle(
  connection: ServerConnection,
  request: Request,
  future: Future<unknown>,
  first: boolean,
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
  connection: ServerConnection,
  request: Request,
  result: unknown,
  first: boolean,
): void {
  try {
    respond(connection, request, toResponse(result));
  } catch (error) {
    onError(connection, request, error, first);
  }
}

function onError(
  connection: ServerConnection,
  request: Request,
  error: unknown,
  first: boolean,
): void {
  try {
    // With the head out, breaking the connection is the only way left to tell the peer.
    if (connection._answered) breakOff(connection, request, error);
    else answerError(connection, request, error, first);
  } catch (another) {
    if (another instanceof KeyboardInterrupt) throw another;
    breakOff(connection, request, another);
  }
}

function answerError(
  connection: ServerConnection,
  request: Request,
  error: unknown,
  first: boolean,
): void {
  if (connection._gone && (isA(error, CancelledError) || request._abortedBy(error))) {
    connection._telling?.fail(error);
    connection._finish(request);
    return;
  }
  const meant = isA(error, HttpError) ? responseOf(error) : null;
  if (meant !== null) {
    respond(connection, request, meant);
    return;
  }
  connection._telling?.fail(error);
  const { _onError } = connection._server;
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
  report(connection, request, error);
  respond(
    connection,
    request,
    isTimeout(error)
      ? new Response('Gateway Timeout', { status: 504 })
      : new Response('Internal Server Error', { status: 500 }),
  );
}

/** Null when somebody has spoilt it. */
function responseOf(error: HttpError): Response | null {
  try {
    return new Response(error.message, { status: error.status });
  } catch {
    return null;
  }
}

/** A TimeoutError of ours, or of an `AbortSignal.timeout()`: what the handler needs is late. */
function isTimeout(error: unknown): boolean {
  try {
    return (
      error instanceof TimeoutError ||
      (error instanceof DOMException && error.name === 'TimeoutError')
    );
  } catch {
    return false;
  }
}

function report(connection: ServerConnection, request: Request, exception: unknown): void {
  connection._loop.callExceptionHandler({
    message: `Exception in the handler of ${request.method} ${request.target}`,
    exception,
  });
}

/** Gives the connection up: what the handler did cannot be put into an answer. */
function breakOff(connection: ServerConnection, request: Request, error: unknown): void {
  connection._telling?.fail(error);
  connection._abort();
  if (connection._current === request) connection._finish(request);
  report(connection, request, error);
}

/** What WHATWG's Response and its like have. */
interface ResponseLike {
  status: number;
  statusText?: string;
  headers: Iterable<[string, string]>;
  body: AsyncIterable<Uint8Array> | null;
  bodyUsed?: boolean;
  url?: string;
}

function toResponse(result: unknown): Response {
  if (result instanceof Response) return result;
  const like = result as ResponseLike | null | undefined;
  if (
    typeof like === 'object' &&
    like !== null &&
    typeof like.status === 'number' &&
    typeof like.headers === 'object' &&
    'body' in like
  ) {
    if (like.bodyUsed === true) throw new TypeError('body of the response was already used');
    const { status, statusText, headers, body } = like;
    const response = new Response(body, { status, statusText: statusText ?? '', headers });
    if (isUnpackedByFetch(like, response)) leavePacking(response.headers);
    return response;
  }
  throw new TypeError(`a handler must return a Response, not ${describe(result)}`);
}

/** What `fetch` gives has an address; its body is unpacked, and its headers say it is packed. */
function isUnpackedByFetch(like: ResponseLike, response: Response): boolean {
  if (typeof like.url !== 'string' || like.url === '' || like.body === null) return false;
  const codings = response._headers?.get('content-encoding') ?? null;
  return (
    codings !== null &&
    codings.split(',').every((one) => /^\s*(?:x-gzip|gzip|deflate|br)\s*$/i.test(one))
  );
}
