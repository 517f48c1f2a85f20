/** Waiting with a timeout. */
import { toTimeout } from '../core/support/duration.ts';
import type { Duration } from '../core/support/duration.ts';
import { futureFor, loopForAll } from '../core/loop/ensure-future.ts';
import { TimeoutError } from '../core/errors/errors.ts';
import type { AbortError } from '../core/errors/errors.ts';
import { CANCELLED, CANCELLED_WITH, DONE, PENDING } from '../core/future/future.ts';
import type { Future, Waiter } from '../core/future/future.ts';
import { Reservation } from '../core/future/reservation.ts';
import type { Handle } from '../core/loop/handle.ts';
import { checkOptions } from '../core/support/options.ts';
import { cancelThrough, walksCancel } from '../core/task/cancel.ts';
import type { Passed, Passing } from '../core/task/cancel.ts';
import type { Task } from '../core/task/task.ts';
import type { AwaitableLike } from '../core/support/types.ts';
import { onAbort, SIGNAL } from './abort.ts';
import type { SignalOptions } from './abort.ts';
import { outcomeOnItsWay } from './scope-waits.ts';
import type { PartOfTask } from './scope-waits.ts';

/**
 * The limit for nested waits that settle each other; beyond it the outer ones are settled after the
 * inner calls have returned, so that the stack does not overflow.
 */
const DEEPEST = 100;
let depth = 0;
const deferred: WaitFor<any>[] = [];

/**
 * Ends when the inner future does: after a timeout it still waits for the clean-up of what it has
 * cancelled. If the inner future is a reservation (of a lock, an item), so is this one.
 */
class WaitFor<T> extends Reservation<T> implements Passing, PartOfTask, Waiter {
  readonly #inner: Future<T>;
  /** @internal Whether the inner future was created here, from a coroutine. */
  readonly _isPart: boolean;
  #timer: Handle | undefined;
  #expired = false;
  #cancelRequested = false;
  #abortion: AbortError | undefined;

  constructor(inner: Future<T>, isPart: boolean, timeout: number | null) {
    super({ loop: inner._loop });
    this.#inner = inner;
    this._isPart = isPart;
    if (inner._state !== PENDING) {
      this._wake();
      return;
    }
    inner._addWaiter(this);
    if (timeout === null) return;
    if (timeout <= 0) this.#expire();
    else this.#timer = this.getLoop().callLater(timeout, () => this.#expire());
  }

  /** @internal */
  get _waiting(): Future<any> | null {
    return (this.#inner as Partial<Task<T>>)._waiting ?? null;
  }

  #expire(): void {
    if (this._isPart && outcomeOnItsWay(this)) {
      this.#timer = this.getLoop().callSoon(() => this.#expire());
      return;
    }
    this.#expired = true;
    this.#inner.cancel();
  }

  /** @internal */
  _abort(error: AbortError): void {
    this.#abortion = error;
    this.#inner.cancel(error.cause);
  }

  override cancel(reason?: unknown): boolean {
    return this._state === PENDING ? cancelThrough(this, reason) : super.cancel(reason);
  }

  /** @internal */
  _beginCancel(): Passed {
    this.#cancelRequested = true;
    return { to: [this.#inner], refused: () => {} };
  }

  /** @internal */
  override _claim(): T {
    return this.#inner.result();
  }

  /** @internal */
  override _release(): void {
    this.#inner.cancel();
  }

  /** @internal The inner future is done. */
  _wake(): void {
    this.#timer?.cancel();
    if (depth === DEEPEST) {
      deferred.push(this);
      return;
    }
    depth++;
    try {
      this.#follow();
      if (depth > 1) return;
      for (let next = deferred.pop(); next !== undefined; next = deferred.pop()) next.#follow();
    } finally {
      depth--;
    }
  }

  /** Settles as the inner future did, which may settle another WaitFor that waits for this one. */
  #follow(): void {
    const inner = this.#inner;
    if (inner._state === DONE) {
      if (inner._isUntaken()) this._grant();
      else this._settle(DONE, inner._value);
      return;
    }
    const foreign = this.#cancelRequested || (this.#abortion === undefined && !this.#expired);
    if (foreign && inner._state === CANCELLED) {
      // Pass on only the reason: an error is made of it when one is needed, which saves five
      // microseconds here.
      this._settle(CANCELLED, inner._value);
      return;
    }
    const cancelled = inner._state === CANCELLED || inner._state === CANCELLED_WITH;
    const error = inner._takeError();
    if (!cancelled) this._fail(error);
    else if (foreign) this._settle(CANCELLED_WITH, error);
    else if (this.#abortion !== undefined) this._fail(this.#abortion);
    else this._fail(new TimeoutError(undefined, { cause: error }));
  }
}

walksCancel(WaitFor);

/**
 * Waits for `awaitable`, but no longer than `timeout`. After that it is cancelled, and its clean-up
 * is waited for, so the call may take longer. If it swallows the cancel and returns something, that
 * is the result. Cancelling the wait cancels `awaitable`.
 *
 * @param timeout - seconds, or a string with a unit; null or undefined: no limit; 0 or less:
 *   succeeds only if `awaitable` is already done, and a coroutine does not even start
 * @throws TimeoutError; AbortError when `signal` aborts, once `awaitable` has ended; what
 *   `awaitable` throws; TypeError, RangeError for wrong arguments
 * @example const line = yield* waitFor(reader.readline(), '5s');
 */
export function waitFor<T>(
  awaitable: AwaitableLike<T>,
  timeout: Duration | null | undefined,
  options: SignalOptions = {},
): Future<T> {
  checkOptions('waitFor()', options, SIGNAL);
  const seconds = toTimeout(timeout);
  loopForAll('waitFor()', [awaitable]);
  // A coroutine starts within this call, as in asyncio, where the calling task runs it itself.
  const inner = futureFor(awaitable, null, seconds === null || seconds > 0);
  const future = new WaitFor(inner, inner !== (awaitable as unknown), seconds);
  if (options.signal) onAbort(future, options.signal, (error) => future._abort(error));
  return future;
}
