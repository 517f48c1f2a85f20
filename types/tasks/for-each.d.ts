import type { Coro } from '../core/support/types.ts';
import type { SignalOptions } from './abort.ts';
import { ScopeRun } from './scope.ts';
/** How many at a time. */
export interface ForEachOptions extends SignalOptions {
    /** How many run at a time: 1 by default, one after the other; Infinity for all at once. */
    concurrency?: number | undefined;
}
/**
 * Calls `body(item, index)` for every item of an iterable or async iterable, `concurrency` of them
 * at a time, and gives what they return, in the order of the items. Items are taken only when there
 * is a place for them, so a source may be endless, or a channel, a queue, a stream.
 *
 * The first error ends it: the others are cancelled and waited for, the source is closed, and then
 * that error is thrown, the very object. Errors of others meanwhile go to the loop's exception
 * handler. Every item runs as a task of its own. A cancel does the same, and takes nothing from a
 * channel or queue that is not worked on; what was worked on is lost to the cancel.
 *
 * @throws what an item or the source throws; CancelledError also when an item was cancelled;
 *   AbortError when `signal` aborts; TypeError, RangeError for wrong arguments
 * @example
 * const pages = yield* forEach(urls, function* (url) { return yield* load(url); }, {
 *   concurrency: 8,
 * });
 * @example
 * await forEach(channel, async (job) => { await work(job); }, { concurrency: 4 });
 */
export declare function forEach<T, R>(items: Iterable<T> | AsyncIterable<T>, body: (item: T, index: number) => Coro<R> | PromiseLike<R>, options?: ForEachOptions): ScopeRun<R[]>;
