/** Waiting no longer than a while. */
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

/** Nested waits; the outer ones are settled when the inner have returned, for the stack's sake. */
const DEEPEST = 100;
let depth = 0;
const deferred: WaitFor<any>[] = [];

/**
 * Ends when the inner future does: it waits for the clean-up of what it has cancelled. What the
 * inner one only promises (a lock, an item) this one only promises too.
 */
class WaitFor<T> extends Reservation<T> implements Passing, PartOfTask, Waiter {
  readonly #inner: Future<T>;
  /** @internal The inner future was made here. */
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

  /** Ends as the inner future did, which may end another that waits for this one. */
  #follow(): void {
    const inner = this.#inner;
    if (inner._state === DONE) {
      if (inner._isUntaken()) this._grant();
      else this._settle(DONE, inner._value);
      return;
    }
    const foreign = this.#cancelRequested || (this.#abortion === undefined && !this.#expired);
    if (foreign && inner._state === CANCELLED) {
      // The reason is enough: the reader makes an error of it, which costs five microseconds.
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
 * Waits for `awaitable`, but no longer than `timeout`. When the time is over it is cancelled, and
 * its clean-up is waited for, so this may take longer; if it refuses to be cancelled and returns
 * something, that is the result.
 *
 * @param timeout - seconds or a string with its unit; null or undefined: no limit; 0 and less: only
 *   what is done already counts, and a coroutine does not even start
 * @throws TimeoutError
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
  // A coroutine begins in this call, as it would in asyncio, where the caller itself runs it.
  const inner = futureFor(awaitable, null, seconds === null || seconds > 0);
  const future = new WaitFor(inner, inner !== (awaitable as unknown), seconds);
  if (options.signal) onAbort(future, options.signal, (error) => future._abort(error));
  return future;
}
