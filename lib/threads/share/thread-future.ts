/**
 * ThreadFuture: the result of a call into a loop, for its caller. Like Python's
 * concurrent.futures.Future it belongs to no loop, so it can be awaited in any coroutine of this
 * thread, and by plain `await` without a running loop.
 */
import { listenToAbort } from '../../core/support/abort-listeners.ts';
import type { LoopCore } from '../../core/contract/loop-core.ts';
import { describe } from '../../core/support/describe.ts';
import { AbortError, CancelledError, InvalidStateError } from '../../core/errors/errors.ts';
import { writeExceptionContext } from '../../core/loop/exception-handler.ts';
import { Future } from '../../core/future/future.ts';
import { getRunningLoop } from '../../core/loop/current-loop.ts';
import { runningLoop } from '../../core/context/running.ts';
import { showsText } from '../../core/support/shows-text.ts';
import type { Awaitable, Yieldable } from '../../core/support/types.ts';

type State = 'pending' | 'finished' | 'failed' | 'cancelled';

/** A future of some loop that follows a ThreadFuture. */
class Follower<T> extends Future<T> {
  readonly #leader: ThreadFuture<T>;

  constructor(loop: LoopCore, leader: ThreadFuture<T>) {
    super({ loop });
    this.#leader = leader;
    leader._whenDone(() => this.#follow());
  }

  #follow(): void {
    if (this.done()) return;
    const leader = this.#leader;
    if (leader.cancelled()) super.cancel(leader._outcome);
    else if (leader._state === 'failed') {
      leader._markRetrieved();
      this._fail(leader._outcome);
    } else this.setResult(leader._outcome as T);
  }

  override cancel(reason?: unknown): boolean {
    if (!super.cancel(reason)) return false;
    this.#leader.cancel(reason);
    return true;
  }
}

/**
 * Returned by `runCoroutineThreadsafe`. `yield*` and `await` return the result; a task that is
 * cancelled while it waits cancels the call.
 *
 * @example
 * const future = remote.runCoroutineThreadsafe('fetchAll', url);
 * const pages = await future;
 */
export class ThreadFuture<T = unknown> implements Awaitable<T> {
  /** @internal */ _state: State = 'pending';
  /** @internal The result, the error, or the reason of the cancel. */
  _outcome: unknown = undefined;
  #callbacks: Array<(future: this) => unknown> = [];
  readonly #whenCancelled: (reason: unknown) => void;
  /** The loop that reports an error that is never retrieved. */
  readonly #loop: LoopCore | null;
  #retrieved = false;
  /** A failed future of that loop, which reports the error if it is never retrieved. */
  #unread: Future<T> | null = null;

  /**
   * @internal
   * @param whenCancelled - cancels the call on the loop that runs it
   * @param loop - the running loop; if there is none, the called loop if it is in this thread
   */
  constructor(whenCancelled: (reason: unknown) => void, loop: LoopCore | null = runningLoop()) {
    this.#whenCancelled = whenCancelled;
    this.#loop = loop;
  }

  /** Whether it has a result or an error, or was cancelled. */
  done(): boolean {
    return this._state !== 'pending';
  }

  /** Whether it was cancelled, here or by the loop that ran it. */
  cancelled(): boolean {
    return this._state === 'cancelled';
  }

  /**
   * The result. It never blocks: await the future to wait.
   * @throws the error it failed with; CancelledError; InvalidStateError while it is pending
   */
  result(): T {
    if (this._state === 'finished') return this._outcome as T;
    throw this.#error('Result is not ready.');
  }

  /**
   * The error it failed with, or null.
   * @throws CancelledError; InvalidStateError while it is pending
   */
  exception(): unknown {
    if (this._state === 'finished') return null;
    if (this._state === 'failed') {
      this._markRetrieved();
      return this._outcome;
    }
    throw this.#error('Exception is not set.');
  }

  #error(pending: string): unknown {
    if (this._state === 'pending') return new InvalidStateError(pending);
    this._markRetrieved();
    return this._state === 'failed' ? this._outcome : new CancelledError(this._outcome);
  }

  /** @internal Its error was retrieved. */
  _markRetrieved(): void {
    this.#retrieved = true;
    this.#unread?._markRetrieved();
    this.#unread = null;
  }

  /**
   * Cancels the call: this future is cancelled at once, and the called loop is asked to cancel the
   * task, or not to start it.
   *
   * @param reason - passed to the task, if it can be cloned
   * @returns false when it was already done
   */
  cancel(reason?: unknown): boolean {
    if (!this._finish('cancelled', reason)) return false;
    this.#whenCancelled(reason);
    return true;
  }

  /**
   * Calls `callback(future)` when it is done; at once if it is already done. @throws TypeError when
   * it is not a function
   */
  addDoneCallback(callback: (future: this) => unknown): void {
    if (typeof callback !== 'function') {
      throw new TypeError(`addDoneCallback(): ${describe(callback)} is not a function`);
    }
    this._whenDone(callback);
  }

  /** @internal */
  _whenDone(callback: (future: this) => unknown): void {
    if (this._state === 'pending') this.#callbacks.push(callback);
    else this.#call(callback);
  }

  /** @internal When the signal aborts, fails with an AbortError and cancels the call. */
  _followSignal(signal: AbortSignal | null | undefined): this {
    if (signal === undefined || signal === null) return this;
    this._whenDone(
      listenToAbort(signal, () => {
        const error = new AbortError(signal.reason);
        if (this._finish('failed', error)) this.#whenCancelled(signal.reason);
      }),
    );
    return this;
  }

  #call(callback: (future: this) => unknown): void {
    try {
      callback(this);
    } catch (exception) {
      writeExceptionContext({ message: 'Exception in a done callback', exception });
    }
  }

  /** @internal Settles it. @returns false when it was already done */
  _finish(state: State, outcome: unknown): boolean {
    if (this._state !== 'pending') return false;
    this._state = state;
    this._outcome = outcome;
    const callbacks = this.#callbacks;
    this.#callbacks = [];
    for (const callback of callbacks) this.#call(callback);
    if (state === 'failed' && !this.#retrieved) this.#watch();
    return true;
  }

  /** Makes the loop report the error unless it is retrieved. */
  #watch(): void {
    if (this.#loop === null || this.#loop.isClosed()) return;
    this.#unread = new Future<T>({ loop: this.#loop });
    this.#unread._fail(this._outcome);
  }

  /** For `yield*`, in a coroutine of any loop of this thread. */
  [Symbol.iterator](): Iterator<Yieldable, T, unknown> {
    return new Follower<T>(getRunningLoop(), this)[Symbol.iterator]();
  }

  /** For `await`, inside or outside a task. */
  then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const loop = runningLoop();
    if (loop !== null) return new Follower<T>(loop, this).then(fulfilled, rejected);
    return new Promise<T>((resolve, reject) => {
      this._whenDone(() => {
        if (this._state === 'finished') resolve(this._outcome as T);
        else reject(this.#error(''));
      });
    }).then(fulfilled, rejected);
  }

  catch<B = never>(rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(undefined, rejected);
  }

  finally(settled?: (() => void) | null): Promise<T> {
    return this.then().finally(settled);
  }

  toString(): string {
    return `<ThreadFuture ${this._state}>`;
  }
}

showsText(ThreadFuture);
