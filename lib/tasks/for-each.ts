/**
 * Calling one function for every item, with limited concurrency.
 *
 * The calls run as children of a task group, which handles errors, cancels and the end. The body of
 * the group takes items from their source, and only when there is a free place for the next one.
 */
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { coroutineKind } from '../core/task/coroutine.ts';
import { describe } from '../core/support/describe.ts';
import { CancelledError, isA } from '../core/errors/errors.ts';
import { ExceptionGroup } from '../core/errors/exception-group.ts';
import { DONE, FAILED, Future, PENDING } from '../core/future/future.ts';
import type { Waiter } from '../core/future/future.ts';
import { checkOptions } from '../core/support/options.ts';
import { getRunningLoop } from '../core/loop/current-loop.ts';
import type { Task } from '../core/task/task.ts';
import type { Coro } from '../core/support/types.ts';
import { abortedBefore, onAbort } from './abort.ts';
import type { SignalOptions } from './abort.ts';
import { checkBody, ScopeRun } from './scope.ts';
import { sourceOf } from './item-source.ts';
import type { Source } from './item-source.ts';
import { TaskGroup } from './task-group.ts';

/** Options of `forEach`. */
export interface ForEachOptions extends SignalOptions {
  /** How many calls run at the same time; 1 by default, Infinity for no limit. */
  concurrency?: number | undefined;
}

type Body<T, R> = (item: T, index: number) => Coro<R> | PromiseLike<R>;

/** After this many items of a source that never waits, yield to other tasks. */
const ITEMS_A_TURN = 1000;

/** The state of one call of `forEach`: the running items and the results of the finished ones. */
class ForEach<T, R> implements Waiter {
  readonly #loop: AbstractEventLoop = getRunningLoop();
  readonly #body: Body<T, R>;
  readonly #concurrency: number;
  readonly #results: R[] = [];
  /** The index in the results of each running item. */
  readonly #running: Map<Future<any>, number> = new Map();
  /** The wait for a free place. */
  #place: Future<void> | null = null;
  /** The first error, which ends the call; later ones may be its consequences. */
  #first: { error: unknown } | null = null;
  /** Set when an item was cancelled. */
  #lost: { error: CancelledError } | null = null;
  #group: TaskGroup | null = null;
  #source: Source<T> | null = null;

  constructor(body: Body<T, R>, concurrency: number) {
    this.#body = body;
    this.#concurrency = concurrency;
  }

  *_work(items: Iterable<T> | AsyncIterable<T>, signal: AbortSignal | null | undefined): Coro<R[]> {
    const abortion = abortedBefore(signal);
    if (abortion !== null) throw abortion;
    const ended = new Future<void>({ loop: this.#loop });
    const self = this;
    try {
      yield* TaskGroup.run(function* (group) {
        self.#group = group;
        if (signal) onAbort(ended, signal, (error) => self.#end(error));
        yield* self.#takeAll(group, items);
      });
    } catch (error) {
      this.#first = { error: this.#failure(error) };
    } finally {
      ended.cancel();
    }
    this.#first ??= this.#lost;
    if (this.#first === null) return this.#results;
    try {
      if (this.#source !== null) yield* this.#source.close();
    } catch (error) {
      // `close` throws nothing but a cancel, which must not be lost.
      this.#report(this.#first.error);
      throw error;
    }
    throw this.#first.error;
  }

  *#takeAll(group: TaskGroup, items: Iterable<T> | AsyncIterable<T>): Coro<void> {
    try {
      this.#source = sourceOf(items);
      for (let index = 0; this.#first === null; index++) {
        while (this.#running.size >= this.#concurrency) yield* this.#untilPlace();
        if (index % ITEMS_A_TURN === ITEMS_A_TURN - 1) yield;
        const step = yield* this.#source.next();
        if (step.done === true) return;
        this.#start(group, step.value, index);
      }
    } catch (error) {
      if (!isA(error, CancelledError)) this.#first ??= { error };
      throw error;
    }
  }

  #untilPlace(): Future<void> {
    return (this.#place = new Future({ loop: this.#loop }));
  }

  #start(group: TaskGroup, item: T, index: number): void {
    const body = this.#body;
    // Either way the body starts in the task's first step: a generator runs nothing before it.
    const task = group.createTask<R>(
      coroutineKind(body, true) === 'generator'
        ? (body(item, index) as Coro<R>)
        : () => body(item, index),
    );
    this.#running.set(task, index);
    if (task._state === PENDING) task._addWaiter(this);
    else this._wake(task);
  }

  /** @internal An item is done. The group is notified separately, and handles errors itself. */
  _wake(task: Task<R>): void {
    const index = this.#running.get(task)!;
    this.#running.delete(task);
    if (task._state === DONE) this.#results[index] = task._value;
    else if (task._state === FAILED) this.#first ??= { error: task._value };
    else this.#missing(task);
    if (this.#place?._state === PENDING) this.#place._settle(DONE, undefined);
  }

  /** An item was cancelled. In a group that is no error, but here a result would be missing. */
  #missing(task: Task<R>): void {
    const value: unknown = task._value;
    const error = isA(value, CancelledError) ? value : new CancelledError(value);
    this.#lost ??= { error };
    // If nobody requested the cancel, the item itself threw it. Otherwise all items may be ending
    // already.
    if (task.cancelling() === 0) this.#loop.callSoon(() => this.#end(error));
  }

  /**
   * Cancels all running items because of this error, unless that has been done: no item is
   * cancelled twice.
   */
  #end(error: unknown): void {
    if (this.#first !== null) return;
    this.#first = { error };
    this.#group!.cancel();
  }

  /** The error to throw in place of the group's ExceptionGroup. */
  #failure(error: unknown): unknown {
    if (!isA(error, ExceptionGroup)) return error;
    const first = this.#first === null ? error.errors[0] : this.#first.error;
    for (const other of error.errors) {
      if (other !== first) this.#report(other);
    }
    return first;
  }

  /** Reports an error that cannot be thrown because another one is thrown. */
  #report(exception: unknown): void {
    if (isA(exception, CancelledError)) return;
    this.#loop.callExceptionHandler({
      message: 'forEach(): another error while the call was ending',
      exception,
    });
  }
}

/**
 * Calls `body(item, index)` for every item of an iterable or async iterable, at most `concurrency`
 * at a time, and returns the results in the order of the items. An item is taken only when there is
 * a free place for it, so the source may be endless: a channel, a queue, a stream.
 *
 * Every item runs in its own task. The first error ends the call: the other tasks are cancelled and
 * waited for, the source is closed, and then the same error object is thrown. Further errors
 * meanwhile go to the loop's exception handler. A cancel does the same. It loses no item of a
 * channel or queue that had not been taken yet; items in progress are lost.
 *
 * @throws what the body or the source throws; CancelledError also when an item was cancelled;
 *   AbortError when `signal` aborts; TypeError, RangeError for wrong arguments
 * @example
 * const pages = yield* forEach(urls, function* (url) { return yield* load(url); }, {
 *   concurrency: 8,
 * });
 * @example
 * await forEach(channel, async (job) => { await work(job); }, { concurrency: 4 });
 */
export function forEach<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  body: (item: T, index: number) => Coro<R> | PromiseLike<R>,
  options: ForEachOptions = {},
): ScopeRun<R[]> {
  checkItems(items);
  checkBody('forEach()', body);
  checkOptions('forEach()', options, ['concurrency', 'signal']);
  const { concurrency = 1, signal } = options;
  if (typeof concurrency !== 'number') {
    throw new TypeError(`forEach(): concurrency must be a number, got ${describe(concurrency)}`);
  }
  if (concurrency !== Infinity && !(Number.isInteger(concurrency) && concurrency >= 1)) {
    throw new RangeError(
      `forEach(): concurrency must be an integer of at least 1, or Infinity, got ${concurrency}`,
    );
  }
  abortedBefore(signal);
  return new ScopeRun(() => new ForEach(body, concurrency)._work(items, signal));
}

function checkItems(items: unknown): void {
  const iterable = items as Partial<Iterable<unknown> & AsyncIterable<unknown>> | null | undefined;
  // A future or a scope is iterable too, for `yield*`.
  const awaitable = typeof (items as PromiseLike<unknown> | null | undefined)?.then === 'function';
  if (
    !awaitable &&
    (typeof iterable?.[Symbol.iterator] === 'function' ||
      typeof iterable?.[Symbol.asyncIterator] === 'function')
  )
    return;
  throw new TypeError(`forEach() takes an iterable or async iterable, got ${describe(items)}`);
}
