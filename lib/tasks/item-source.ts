/**
 * Adapts any iterable, sync or async, to steps that a generator coroutine takes one by one. A
 * cancel is passed to the step wherever that is possible.
 */
import { describe } from '../core/support/describe.ts';
import { CancelledError } from '../core/errors/errors.ts';
import { DONE, PENDING } from '../core/future/future.ts';
import { Task } from '../core/task/task.ts';
import type { Coro } from '../core/support/types.ts';
import { StepIterator } from './step-iterator.ts';

/** A source of items. */
export interface Source<T> {
  /** The next item, or the end. */
  next(): Coro<IteratorResult<T, unknown>>;
  /**
   * Called when the remaining items are not wanted. What the source throws then is dropped, as `for
   * await` does.
   */
  close(): Coro<void>;
}

/** The source for an iterable; its async iterator is preferred if it has both kinds. */
export function sourceOf<T>(iterable: Iterable<T> | AsyncIterable<T>): Source<T> {
  const begin = (iterable as AsyncIterable<T>)[Symbol.asyncIterator];
  if (typeof begin !== 'function') return new SyncSource(iterable as Iterable<T>);
  const iterator = begin.call(iterable);
  return iterator instanceof StepIterator ? new StepSource(iterator) : new AsyncSource(iterator);
}

/** The same check as in a `for` loop: without it, a faulty iterator could make the loop endless. */
function checkStep<R>(step: R): R {
  if (typeof step === 'object' && step !== null) return step;
  throw new TypeError(`the iterator of the source gave ${describe(step)}, no iterator result`);
}

class SyncSource<T> implements Source<T> {
  readonly #iterator: Iterator<T>;
  #ended = false;

  constructor(iterable: Iterable<T>) {
    this.#iterator = iterable[Symbol.iterator]();
  }

  *next(): Coro<IteratorResult<T, unknown>> {
    // If `next` throws, the iterator counts as ended.
    this.#ended = true;
    const step = checkStep(this.#iterator.next());
    this.#ended = step.done === true;
    return step;
  }

  *close(): Coro<void> {
    if (this.#ended) return;
    this.#ended = true;
    try {
      this.#iterator.return?.();
    } catch {
      // The caller is already throwing another error.
    }
  }
}

/** For our own iterators: the steps are futures, and a cancelled one takes no item. */
class StepSource<T> implements Source<T> {
  readonly #iterator: StepIterator<T>;

  constructor(iterator: StepIterator<T>) {
    this.#iterator = iterator;
  }

  *next(): Coro<IteratorResult<T, undefined>> {
    return yield* this.#iterator._step();
  }

  *close(): Coro<void> {}
}

/**
 * For any other async iterator: each step is an async task, so that a cancel reaches what it waits
 * for.
 */
class AsyncSource<T> implements Source<T> {
  readonly #iterator: AsyncIterator<T>;
  #step: ForeignStep<IteratorResult<T>> | null = null;

  constructor(iterator: AsyncIterator<T>) {
    this.#iterator = iterator;
  }

  *next(): Coro<IteratorResult<T, unknown>> {
    // An async function, because `next()` may return something other than a Promise, or throw.
    this.#step = new ForeignStep(async () => await this.#iterator.next());
    return checkStep(yield* this.#step);
  }

  *close(): Coro<void> {
    const last = this.#step;
    if (last !== null && !last._abandoned && last._state !== DONE) return;
    if (last?._state === DONE && last._value.done === true) return;
    const end = new ForeignStep(async () => void (await this.#iterator.return?.()));
    try {
      // `return()` is queued behind an abandoned step, which may never end, so it must not be
      // waited for.
      if (last?._abandoned === true) end.cancel();
      yield* end;
    } catch (error) {
      if (last?._abandoned !== true && end.cancelled()) throw error;
    }
  }
}

/**
 * A call of a user's iterator. A cancel is passed to the future of this package that it waits for.
 * If it waits for something else, it is unknown whether it ever ends, so the call is abandoned.
 */
class ForeignStep<T> extends Task<T> {
  /** @internal It was cancelled while it waited for something that cannot be cancelled. */
  _abandoned = false;

  constructor(call: () => Promise<T>) {
    super(call, { eagerStart: true });
  }

  override cancel(reason?: unknown): boolean {
    const reachable = this._waiting !== null || (this._extras?.alsoWaiting?.size ?? 0) > 0;
    if (this._state !== PENDING || reachable) return super.cancel(reason);
    this._abandoned = true;
    this._ended(new CancelledError(reason));
    return true;
  }
}
