import type { Coro } from '../core/support/types.ts';
import type { SignalOptions } from './abort.ts';
import { ScopeRun } from './scope.ts';
/** Options of `forEach`. */
export interface ForEachOptions extends SignalOptions {
    /** How many calls run at the same time; 1 by default, Infinity for no limit. */
    concurrency?: number | undefined;
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
export declare function forEach<T, R>(items: Iterable<T> | AsyncIterable<T>, body: (item: T, index: number) => Coro<R> | PromiseLike<R>, options?: ForEachOptions): ScopeRun<R[]>;
