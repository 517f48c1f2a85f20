/** Async iteration over objects whose steps are futures. */
import type { Future } from '../core/future/future.ts';
import { showsText } from '../core/support/shows-text.ts';

/** A step of an iteration: an item, or the end. */
export type Step<T> = IteratorResult<T, undefined>;

/** An object whose next step is a future, so that cancelling it loses no item. */
export interface Stepping<T> {
  next(): Future<Step<T>>;
}

/**
 * The async iterator of a Stepping object. Code that knows this class takes the future itself; `for
 * await` gets the Promise that it needs. Leaving the iteration early does not close the source.
 */
export class StepIterator<T> implements AsyncIterableIterator<T, undefined> {
  readonly #source: Stepping<T>;

  constructor(source: Stepping<T>) {
    this.#source = source;
  }

  next(): Promise<Step<T>> {
    return this.#source.next().then();
  }

  /** @internal */
  _step(): Future<Step<T>> {
    return this.#source.next();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  toString(): string {
    return `<${this.constructor.name} of ${this.#source}>`;
  }
}

showsText(StepIterator);
