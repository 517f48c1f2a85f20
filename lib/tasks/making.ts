/** Calls that create something that must be closed: a connection, a server, a child process. */
import type { Future, Waiter } from '../core/future/future.ts';
import { CANCELLED, CANCELLED_WITH, DONE, PENDING } from '../core/future/future.ts';
import { Reservation } from '../core/future/reservation.ts';
import { cancelThrough, walksCancel } from '../core/task/cancel.ts';
import type { Passed, Passing } from '../core/task/cancel.ts';

/**
 * The result of such a call. Between the turn in which the resource is created and the one in which
 * the caller resumes, the caller may be cancelled, and nobody would close the resource. So it is
 * only reserved until the caller has it, as with a lock: a cancel before that undoes its creation.
 */
class Making<T> extends Reservation<T> implements Passing, Waiter {
  readonly #inner: Future<T>;
  readonly #undo: (made: T) => void;

  constructor(inner: Future<T>, undo: (made: T) => void) {
    super({ loop: inner._loop });
    this.#inner = inner;
    this.#undo = undo;
    if (inner._state === PENDING) inner._addWaiter(this);
    else this._wake();
  }

  override cancel(reason?: unknown): boolean {
    return this._state === PENDING ? cancelThrough(this, reason) : super.cancel(reason);
  }

  /** @internal */
  _beginCancel(): Passed {
    return { to: [this.#inner], refused: () => {} };
  }

  /** @internal */
  override _claim(): T {
    return this.#inner.result();
  }

  /** @internal */
  override _release(): void {
    this.#undo(this.#inner.result());
  }

  /** @internal The inner future has completed. */
  _wake(): void {
    const inner = this.#inner;
    if (inner._state === DONE) this._grant();
    else if (inner._state === CANCELLED) this._settle(CANCELLED, inner._value);
    else {
      const cancelled = inner._state === CANCELLED_WITH;
      const error = inner._takeError();
      if (cancelled) this._settle(CANCELLED_WITH, error);
      else this._fail(error);
    }
  }

  override toString(): string {
    return String(this.#inner);
  }
}

walksCancel(Making);

/**
 * The same future, except that the result is undone if the waiting task is cancelled before it gets
 * the result.
 * @param undo - closes the result
 */
export function making<T>(future: Future<T>, undo: (made: T) => void): Future<T> {
  return new Making(future, undo);
}
