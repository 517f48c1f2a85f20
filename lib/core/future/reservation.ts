/**
 * A future for something that is handed over: a lock, an item of a queue, a place in one.
 *
 * A task may be cancelled between the turn in which its wait ends and the one in which it resumes.
 * An ordinary future has its result by then, so a lock, for example, would be lost with the
 * cancelled task. A reservation is therefore only granted until it is claimed: `_claim` hands the
 * thing over when the task resumes, and a cancel before that gives it back (`_release`).
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
  /** @internal Granted but not claimed yet. Why `declare`: see Future. */
  declare _untaken: boolean;

  constructor(options?: { loop?: LoopCore } | null) {
    super(options);
    this._untaken = false;
  }

  /** @internal Hands the thing over, or throws; called once, when the result is first read. */
  _claim(): T {
    return undefined as T;
  }

  /** @internal The grant was cancelled before it was claimed: gives the thing back. */
  _release(): void {}

  /** @internal When it waits for another reservation: whether claiming it claims that one too. */
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

  /** @internal Ends the wait. If the waiter is not a task, it is claimed at once. */
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

  /** @internal The result; claims it first if that has not been done. */
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
    // Not while it is only being probed (PROBED).
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
        // Claiming failed. `await` listens only to the callbacks that it passed in.
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
 * Whether all waiters read the result only when they resume. A future that depends on this one
 * (a gather, a shield) reads it as soon as it is there.
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
