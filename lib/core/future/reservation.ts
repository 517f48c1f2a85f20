/**
 * A future for something that is handed over: a lock, an item of a queue, a place in one.
 *
 * Between the turn in which a task's wait is over and the one in which it goes on, the task may be
 * cancelled. An ordinary future has its result by then, and the task would be cancelled with a lock
 * in its hands that no one else knows of. So a reservation is only a promise until it is claimed:
 * `_claim` makes the hand-over when the task goes on, and a cancel before that takes the promise
 * back (`_release`), which is how nothing is ever lost.
 */
import type { LoopCore } from '../contract/loop-core.ts';
import { CancelledError, isA } from '../errors/errors.ts';
import { CANCELLED, CANCELLED_WITH, DONE, Future, PENDING, RETRIEVED } from './future.ts';
import type { Waiter } from './future.ts';
import { AsyncWaiter } from './async-waiter.ts';
import { Task } from '../task/task.ts';
import type { Yieldable } from '../support/types.ts';
import { listWaiters } from './waiters.ts';

export class Reservation<T> extends Future<T> {
  /** @internal Granted, and nobody has looked yet. Why `declare`: see Future. */
  declare _untaken: boolean;

  constructor(options?: { loop?: LoopCore } | null) {
    super(options);
    this._untaken = false;
  }

  /** @internal Hands the thing over, or throws; called once, for the first reader. */
  _claim(): T {
    return undefined as T;
  }

  /** @internal The one it was promised to does not want it any more. */
  _release(): void {}

  /** @internal As a waiter of another one: whether it takes that one's when its own is taken. */
  _passesOn(): boolean {
    return true;
  }

  /** @internal */
  override _isUntaken(): boolean {
    return this._untaken;
  }

  /** @internal */
  override _isSettled(): boolean {
    return !this._untaken && super._isSettled();
  }

  /** @internal Ends the wait. A waiter that is not a task claims at once. */
  _grant(): void {
    if (waitsInTask(this._waiter)) {
      this._untaken = true;
      this._settle(DONE, undefined);
      return;
    }
    let value: T;
    try {
      value = this._claim();
    } catch (error) {
      if (isA(error, CancelledError)) this._settle(CANCELLED_WITH, error);
      else this._fail(error);
      return;
    }
    this._settle(DONE, value);
  }

  /** @internal The result, which is handed over now if it was not yet. */
  _take(): T {
    if (this._untaken) {
      this._untaken = false;
      try {
        this._value = this._claim();
      } catch (error) {
        this._state = isA(error, CancelledError) ? CANCELLED_WITH : RETRIEVED;
        this._value = error;
      }
    }
    return super.result();
  }

  override result(): T {
    return this._take();
  }

  override next(): IteratorResult<Yieldable, T> {
    // Not when it is only looked at (PROBED).
    if (this._untaken && this._state === DONE) this._take();
    return super.next();
  }

  override then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    if (this._state !== PENDING) {
      if (this._untaken) this._take();
      return super.then(fulfilled, rejected);
    }
    const collected = (): A | B | PromiseLike<A | B> => {
      let value: T;
      try {
        value = this._take();
      } catch (error) {
        // The promise came to nothing. `await` only listens to what it has handed in.
        if (typeof rejected === 'function') return rejected(error);
        throw error;
      }
      return typeof fulfilled === 'function' ? fulfilled(value) : (value as unknown as A);
    };
    return super.then<A | B, B>(collected, rejected);
  }

  override cancel(reason?: unknown): boolean {
    if (!this._untaken) return super.cancel(reason);
    this._untaken = false;
    this._state = CANCELLED;
    this._value = reason;
    this._release();
    return true;
  }
}

/**
 * Whether those who wait will look only when they go on. Any other future that follows this one
 * (a gather, a shield) reads the result as soon as there is one.
 */
function waitsInTask(waiter: Waiter | null): boolean {
  if (waiter === null) return false;
  let inTask = false;
  for (const each of listWaiters(waiter)) {
    if (each instanceof Task || each instanceof AsyncWaiter) inTask = true;
    else if (each instanceof Reservation && each._passesOn()) inTask = true;
    else if (each instanceof Future) return false;
  }
  return inTask;
}
