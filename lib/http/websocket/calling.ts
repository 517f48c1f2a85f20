/**
 * Calls the callbacks of a WebSocket one at a time, waiting for coroutines that they start.
 */
import { current } from '../../core/context/running.ts';
import { CancelledError, isA } from '../../core/errors/errors.ts';
import type { Future } from '../../core/future/future.ts';
import type { Waiter } from '../../core/future/waiters.ts';
import type { Runnable } from '../../native/rings.ts';
import { startedBy } from '../message/started-by.ts';
import { INTERNAL_ERROR, NORMAL } from './close-codes.ts';
import type { WebSocketConnection } from './connection.ts';
import { WebSocketClosedError } from './errors.ts';
import type { WebSocketMessage } from './message.ts';
import { ReceivingSocket } from './receiving.ts';
import { CLOSED, OPEN } from './sending.ts';

export abstract class CallingSocket extends ReceivingSocket implements Waiter, Runnable {
  /** The callback that is running, or the coroutine that handles the WebSocket (`main`). */
  #running: Future<unknown> | null = null;

  /** @internal The WebSocket is open: starts receiving and calls the first callback. */
  _begin(about: unknown): void {
    const { main, open } = this._kind.callbacks;
    this._watch();
    this._startReading();
    const first = main ?? open;
    if (first !== null) this.#start(first, about);
  }

  /** @internal */
  override _call(message: WebSocketMessage): boolean {
    const { message: callback } = this._kind.callbacks;
    if (callback === null || this.#running !== null) return false;
    const extras = this._extras;
    if (extras !== null && extras.unread.size !== 0) return false;
    this.#start(callback, message);
    return true;
  }

  /** Calls a callback. While what it started is running, messages wait. */
  #start<A>(callback: (socket: WebSocketConnection, argument: A) => unknown, argument: A): void {
    let started: Future<unknown> | null;
    try {
      const result = callback(this as unknown as WebSocketConnection, argument);
      if (typeof result !== 'object' || result === null) return;
      started = startedBy(this._loop, result);
    } catch (error) {
      this._onError(error);
      return;
    }
    if (started === null) return;
    // It has already ended, so it would wake no waiter.
    if (started.done()) {
      this.#settle(started);
      return;
    }
    this.#running = started;
    started._addWaiter(this);
  }

  #settle(ended: Future<unknown>): void {
    try {
      ended.result();
      if (this._kind.callbacks.main !== null) this._closeWith(NORMAL, '');
    } catch (error) {
      this._onError(error);
    }
  }

  /** @internal */
  _wake(future: Future<unknown>): void {
    future._loop._enqueue(this);
  }

  /** @internal What a callback started has ended. */
  _run(): void {
    current.values = this._kind.values;
    const running = this.#running!;
    this.#running = null;
    this.#settle(running);
    this._goOn();
  }

  /** @internal Its text in lists of waiters. */
  _text(): string {
    return this.toString();
  }

  /** @internal Called by the server: cancels what is running for it. */
  _cancel(reason: string): void {
    this.#running?.cancel(reason);
  }

  /**
   * @internal Passes waiting messages to their callback; once closed and idle, calls the close
   *   callback and is forgotten.
   */
  override _goOn(): void {
    const { message, close } = this._kind.callbacks;
    const extras = this._extras;
    if (message !== null && extras !== null) {
      while (this.#running === null && extras.unread.size !== 0) {
        this.#start(message, this._take(extras));
      }
    }
    if (this._state !== CLOSED || this.#running !== null) return;
    if (close !== null && !extras!.told) {
      extras!.told = true;
      this.#start((socket) => close(socket, this._code, this._reason), undefined);
      if (this.#running !== null) return;
    }
    this._kind.forget(this as unknown as WebSocketConnection);
  }

  /** @internal */
  override _onError(error: unknown): void {
    const gone =
      this._state !== OPEN && (error instanceof WebSocketClosedError || isA(error, CancelledError));
    if (!gone) {
      this._loop.callExceptionHandler({
        message: 'Exception in a callback of a WebSocket',
        exception: error,
        socket: this,
      });
    }
    this._closeWith(INTERNAL_ERROR, '');
  }
}
