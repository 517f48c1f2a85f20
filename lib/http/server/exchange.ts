/**
 * One request and its response: calls the handler, waits for it, and sends what it returns, or an
 * error response. It is the only place of a server that calls user code. The connection starts it,
 * and continues when it has finished.
 */
import { bindStores } from '../../core/context/async-stores.ts';
import { current } from '../../core/context/running.ts';
import { CancelledError, isA, KeyboardInterrupt } from '../../core/errors/errors.ts';
import type { Future } from '../../core/future/future.ts';
import type { Waiter } from '../../core/future/waiters.ts';
import {
  HEAD_EXPECT_CONTINUE,
  HEAD_HAS_BODY,
  HEAD_METHOD,
  HEAD_UPGRADE,
  SUBMISSION_OP_MESSAGE_GO_ON,
} from '../../native/layout.ts';
import type { Runnable } from '../../native/rings.ts';
import type { RequestDiagnostics } from '../message/diagnostics.ts';
import { holdChunk } from '../message/head-chunk.ts';
import { METHOD_CONNECT } from '../message/methods.ts';
import { startedBy } from '../message/started-by.ts';
import { failureResponse, refusal, responseOf } from './error-response.ts';
import { toResponse } from './handler-result.ts';
import { hasWord } from '../websocket/negotiate.ts';
import { Disconnected } from './request.ts';
import type { Request } from './request.ts';
import { serverDiagnostics } from './request-diagnostics.ts';
import { respond } from './respond.ts';
import { Response } from './response.ts';
import type { ServerConnection } from './server-connection.ts';
import { WebResponse } from './web-response.ts';

/**
 * Is itself the waiter of the handler's future: a callback would cost a closure for each of
 * thousands of waiting requests.
 */
export class Exchange implements Waiter, Runnable {
  // Plain fields, always set in this order, as in Request: one is made for each request, and
  // objects of the same shape are fast.
  readonly _connection: ServerConnection;
  readonly _request: Request;
  /** Whether the head of the response was written. */
  _answered: boolean;
  /** Publishes diagnostics of this request; null without subscribers. */
  _diagnostics: RequestDiagnostics | null;
  /** The handler's future while it is waited for, later the task that sends the body. */
  _task: Future<unknown> | null;
  /**
   * Whether the handler has failed and the `error` option handles that; if it fails too, it is not
   * called again.
   */
  _failed: boolean;

  constructor(connection: ServerConnection, request: Request) {
    const server = connection._server;
    this._connection = connection;
    this._request = request;
    this._answered = false;
    this._diagnostics = serverDiagnostics(server, request);
    this._task = null;
    this._failed = false;
    if (server._loop._bindsStores) bindStores(this, '_run');
  }

  /** Calls the handler, and responds when it is done: at once if it returns a response. */
  _begin(): void {
    const server = this._connection._server;
    if ((this._request._flags & (HEAD_HAS_BODY | HEAD_UPGRADE)) !== 0) {
      const status = unwelcome(this._request, server._maxBodySize);
      if (status !== 0) {
        this._connection._closing = true;
        respond(this, refusal(status));
        return;
      }
      if (this._request._body === null) this.#lookAtUpgrade();
    }
    let result: unknown;
    let ready: boolean;
    try {
      result = server._handler(this._request, server);
      ready = result instanceof Response || result instanceof WebResponse;
    } catch (error) {
      this._onError(error);
      return;
    }
    if (ready) this._answer(result);
    else this._take(result);
  }

  /**
   * Decides what follows a request to upgrade; the parser has paused. The frames of a WebSocket are
   * not HTTP, so such a request is the last one on the connection unless it is upgraded. No other
   * protocol is supported, so after any other upgrade request parsing goes on as HTTP.
   */
  #lookAtUpgrade(): void {
    const request = this._request;
    if (hasWord(request.headers.get('upgrade'), 'websocket')) request._lastOne = true;
    else this._connection._submit(SUBMISSION_OP_MESSAGE_GO_ON);
  }

  /** Responds with what a handler returned, waiting for it if it is awaitable. */
  _take(result: unknown): void {
    let future: Future<unknown> | null;
    try {
      future = startedBy(this._connection._loop, result);
    } catch (error) {
      this._onError(error);
      return;
    }
    if (future === null) this._answer(result);
    else if (future.done()) this._settle(future);
    else {
      holdChunk(this._request);
      this._task = future;
      future._addWaiter(this);
    }
  }

  _wake(future: Future<unknown>): void {
    future._loop._enqueue(this);
  }

  _run(): void {
    const connection = this._connection;
    current.values = connection._server._values;
    this._settle(this._task!);
    connection._advance();
  }

  _settle(future: Future<unknown>): void {
    this._task = null;
    let result: unknown;
    try {
      result = future.result();
    } catch (error) {
      this._onError(error);
      return;
    }
    this._answer(result);
  }

  _answer(result: unknown): void {
    try {
      respond(this, toResponse(result));
    } catch (error) {
      this._onError(error);
    }
  }

  _onError(error: unknown): void {
    try {
      // After the head was sent, breaking the connection is the only way to report an error to the
      // peer.
      if (this._answered) this._breakOff(error);
      else this._answerError(error);
    } catch (another) {
      if (another instanceof KeyboardInterrupt) throw another;
      this._breakOff(another);
    }
  }

  _answerError(error: unknown): void {
    const connection = this._connection;
    if (connection._gone && (isA(error, CancelledError) || this._request._abortedBy(error))) {
      this._diagnostics?.fail(error);
      connection._finish(this);
      return;
    }
    const meant = responseOf(error);
    if (meant !== null) {
      respond(this, meant);
      return;
    }
    this._diagnostics?.fail(error);
    const { _onError } = connection._server;
    if (_onError === null || this._failed) {
      this._report(error);
      respond(this, failureResponse(error));
      return;
    }
    this._failed = true;
    let result: unknown;
    try {
      result = _onError(error, this._request);
    } catch (another) {
      this._onError(another);
      return;
    }
    this._take(result);
  }

  _report(exception: unknown): void {
    this._connection._server._failures += 1;
    const { method, target } = this._request;
    this._connection._loop.callExceptionHandler({
      message: `Exception in the handler of ${method} ${target}`,
      exception,
    });
  }

  /** Breaks the connection, since the error cannot be put into a response. */
  _breakOff(error: unknown): void {
    const connection = this._connection;
    this._diagnostics?.fail(error);
    connection._abort();
    if (connection._current === this) connection._finish(this);
    this._report(error);
  }

  /** Sends 100 Continue, if the client waits for it and the handler wants the body. */
  _askForBody(): void {
    const request = this._request;
    if (
      (request._flags & HEAD_EXPECT_CONTINUE) === 0 ||
      request._continued ||
      this._answered ||
      !request._body!._wanted
    ) {
      return;
    }
    request._continued = true;
    if (request._body!.received === 0) {
      this._connection._writeLatin1('HTTP/1.1 100 Continue\r\n\r\n');
    }
  }

  /** The client has closed its side, or the whole connection. */
  _abandon(): void {
    const { _request: request, _connection: connection } = this;
    request._abortNow();
    if (this._answered) return;
    if (connection._server._cancelOnDisconnect || request._extras?.cancels === true) {
      this._cancel('the client is gone');
    }
  }

  /** The connection is closed. */
  _lose(): void {
    this._abandon();
    // After the head was sent, the task is the one that sends the body, which nobody will receive.
    if (this._answered) this._cancel('the client is gone');
  }

  /** Cancels the handler, or the sending of the body. */
  _cancel(reason: string): void {
    this._task?.cancel(reason);
  }

  /**
   * Publishes the end of the request. Errors were published before, except that no response was
   * sent.
   */
  _tellFinish(diagnostics: RequestDiagnostics): void {
    if (diagnostics.status === null) diagnostics.fail(new Disconnected());
    diagnostics.finish();
  }

  /** The text that describes it as a waiter, and in warnings about slow callbacks. */
  _text(): string {
    return this.toString();
  }

  toString(): string {
    return `answer to ${this._request.method} ${this._request.target}`;
  }
}

/** The status with which a request is refused before any handler sees it, or 0. */
function unwelcome(request: Request, maxBodySize: number): number {
  // The client would send the bytes of a tunnel, which this server does not support.
  if (request._chunk.word(request._record, HEAD_METHOD) === METHOD_CONNECT) return 501;
  if (request._body === null) return 0;
  const length = request._declaredLength();
  return length !== Infinity && length > maxBodySize ? 413 : 0;
}
