/** The next item as an iterator result, so that the end is not an error. */
import { DONE, PENDING } from '../core/future/future.ts';
import type { Future, Waiter } from '../core/future/future.ts';
import { Reservation } from '../core/future/reservation.ts';
import type { Step } from '../tasks/step-iterator.ts';

/**
 * Follows the future of an item. If that future only reserves the item until it is taken, so does
 * this one.
 */
export class NextStep<T> extends Reservation<Step<T>> implements Waiter {
  readonly #item: Future<T>;
  readonly #end: abstract new (...args: any[]) => Error;

  /** @param end - the class of the error that signals the end */
  constructor(item: Future<T>, end: abstract new (...args: any[]) => Error) {
    super({ loop: item._loop });
    this.#item = item;
    this.#end = end;
    if (item._state === PENDING) item._addWaiter(this);
    else this._wake(item);
  }

  /** @internal */
  _wake(item: Future<T>): void {
    if (item._state === DONE) {
      this._grant();
      return;
    }
    const cancelled = item.cancelled();
    const error = item._takeError();
    if (cancelled) super.cancel((error as { reason?: unknown }).reason);
    else if (error instanceof this.#end) this._settle(DONE, { done: true, value: undefined });
    else this._fail(error);
  }

  /** @internal The end may also come after the item was promised. */
  override _claim(): Step<T> {
    try {
      return { done: false, value: this.#item.result() };
    } catch (error) {
      if (error instanceof this.#end) return { done: true, value: undefined };
      throw error;
    }
  }

  /** @internal */
  override _release(): void {
    this.#item.cancel();
  }

  override cancel(reason?: unknown): boolean {
    return this._state === PENDING ? this.#item.cancel(reason) : super.cancel(reason);
  }
}
