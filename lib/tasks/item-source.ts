/**
 * Any iterable, sync or async, as steps that a coroutine of the generator lane takes one by one,
 * and that a cancel reaches as far as it can.
 */
import { describe } from '../core/support/describe.ts';
import { CancelledError } from '../core/errors/errors.ts';
import { DONE, PENDING } from '../core/future/future.ts';
import { Task } from '../core/task/task.ts';
import type { Coro } from '../core/support/types.ts';
import { StepIterator } from './step-iterator.ts';

/** Where items come from. */
export interface Source<T> {
  /** The next item, or the end. */
  next(): Coro<IteratorResult<T, unknown>>;
  /** Nobody wants the rest. What the source throws at that is dropped, as `for await` does it. */
  close(): Coro<void>;
}

/** The source of an iterable; an async one comes first where there are both. */
export function sourceOf<T>(iterable: Iterable<T> | AsyncIterable<T>): Source<T> {
  const begin = (iterable as AsyncIterable<T>)[Symbol.asyncIterator];
  if (typeof begin !== 'function') return new SyncSource(iterable as Iterable<T>);
  const iterator = begin.call(iterable);
  return iterator instanceof StepIterator ? new StepSource(iterator) : new AsyncSource(iterator);
}

/** As a `for` loop does it: what is written by hand may give anything, and never come to an end. */
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
    // One that throws is at its end.
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
      // The code that closes it has an error already.
    }
  }
}

/** Our own: the steps are futures, and a cancelled one takes no item. */
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

/** Anybody's: each step is a task of the async lane, so that a cancel reaches what it waits for. */
class AsyncSource<T> implements Source<T> {
  readonly #iterator: AsyncIterator<T>;
  #step: ForeignStep<IteratorResult<T>> | null = null;

  constructor(iterator: AsyncIterator<T>) {
    this.#iterator = iterator;
  }

  *next(): Coro<IteratorResult<T, unknown>> {
    // An async function, because `next()` may also give no Promise, or throw.
    this.#step = new ForeignStep(async () => await this.#iterator.next());
    return checkStep(yield* this.#step);
  }

  *close(): Coro<void> {
    const last = this.#step;
    if (last !== null && !last._abandoned && last._state !== DONE) return;
    if (last?._state === DONE && last._value.done === true) return;
    const end = new ForeignStep(async () => void (await this.#iterator.return?.()));
    try {
      // Behind a step that may never end, this may not end either.
      if (last?._abandoned === true) end.cancel();
      yield* end;
    } catch (error) {
      if (last?._abandoned !== true && end.cancelled()) throw error;
    }
  }
}

/**
 * A call of a user's iterator. Its cancel reaches what of ours it waits for; when it waits for
 * something else nobody knows whether it ever ends, so it is left to itself.
 */
class ForeignStep<T> extends Task<T> {
  /** @internal It was left to itself. */
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
