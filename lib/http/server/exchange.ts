/**
 * One request and its answer: the handler is called, waited for, and what it returns is sent; or
 * what is left to do is done when that fails. This is the only place that calls user code of a
 * server. The connection says when it begins and goes on when it has finished.
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

/** It is a waiter itself, and not a callback with a closure, since thousands may wait. */
export class Exchange implements Waiter, Runnable {
  // Plain fields, set in this order in the constructor, as in Request: there is one for each.
  readonly _connection: ServerConnection;
  readonly _request: Request;
  /** The head of the response has been written. */
  _answered: boolean;
  /** Publishes it; null without subscribers. */
  _diagnostics: RequestDiagnostics | null;
  /** What the handler returned and is waited for, or the task that sends the body. */
  _task: Future<unknown> | null;
  /** The handler has failed, and the one for errors answers; its own errors do not go to it. */
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

  /** Calls the handler and answers, at once when it returns a response, else when it is done. */
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
   * What follows a request to upgrade waits for the answer. Frames of a WebSocket are nothing that
   * can be answered as HTTP; anything else that could be asked for is not spoken here, so that
   * what follows it is HTTP.
   */
  #lookAtUpgrade(): void {
    const request = this._request;
    if (hasWord(request.headers.get('upgrade'), 'websocket')) request._lastOne = true;
    else this._connection._submit(SUBMISSION_OP_MESSAGE_GO_ON);
  }

  /** Answers with what a handler returned, when it is there. */
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
      // With the head out, breaking the connection is the only way left to tell the peer.
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

  /** Gives the connection up: what the handler did cannot be put into a response. */
  _breakOff(error: unknown): void {
    const connection = this._connection;
    this._diagnostics?.fail(error);
    connection._abort();
    if (connection._current === this) connection._finish(this);
    this._report(error);
  }

  /** Asks a client that waits for it to send the body, once it is wanted. */
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

  /** The client is gone, or has closed its side. */
  _abandon(): void {
    const { _request: request, _connection: connection } = this;
    request._abortNow();
    if (this._answered) return;
    if (connection._server._cancelOnDisconnect || request._extras?.cancels === true) {
      this._cancel('the client is gone');
    }
  }

  /** The connection is lost. */
  _lose(): void {
    this._abandon();
    // With the head out, the task is the one that sends the body, and nobody is there to read it.
    if (this._answered) this._cancel('the client is gone');
  }

  /** Stops the handler, or the body. */
  _cancel(reason: string): void {
    this._task?.cancel(reason);
  }

  /** Publishes that it is over. Whatever went wrong was published before. */
  _tellFinish(diagnostics: RequestDiagnostics): void {
    if (diagnostics.status === null) diagnostics.fail(new Disconnected());
    diagnostics.finish();
  }

  /** How it is shown among those who wait, and when it takes long. */
  _text(): string {
    return this.toString();
  }

  toString(): string {
    return `answer to ${this._request.method} ${this._request.target}`;
  }
}

/** The status of a request that no handler sees, or 0. */
function unwelcome(request: Request, maxBodySize: number): number {
  // What follows would be the bytes of a tunnel, and no tunnel is made.
  if (request._chunk.word(request._record, HEAD_METHOD) === METHOD_CONNECT) return 501;
  if (request._body === null) return 0;
  const length = request._declaredLength();
  return length !== Infinity && length > maxBodySize ? 413 : 0;
}
