import type { Duration } from '../core/support/duration.ts';
import { Future } from '../core/future/future.ts';
import type { Waiter } from '../core/future/future.ts';
import type { AwaitableLike, ResultOf } from '../core/support/types.ts';
import type { Runnable } from '../native/rings.ts';
/** Options of `asCompleted`. */
export interface AsCompletedOptions {
    /** Seconds, or a string with a unit, for the whole iteration; no limit by default. */
    timeout?: Duration | null | undefined;
}
/** The type of the futures that the iteration gives. */
type FutureOf<A> = A extends Future<any> ? A : Future<ResultOf<A>>;
/**
 * An async iterator of futures. A separate type, because TypeScript assumes that `for await` awaits
 * what an `AsyncIterator` yields; only an async generator does that.
 */
export interface DoneIterator<F> {
    next(): Promise<IteratorResult<F, undefined>>;
}
/**
 * The return value of `asCompleted`. Each step of either iteration takes one completed future; the
 * two kinds of iteration may be mixed.
 */
export declare class AsCompleted<F extends Future<any>> implements Waiter, Runnable {
    #private;
    private constructor();
    toString(): string;
    /** Futures, each of which gets the result of the next awaitable that completes. */
    [Symbol.iterator](): IterableIterator<Future<ResultOf<F>>>;
    /**
     * The given futures and tasks themselves, each once it is done. Not an async generator, which
     * would await what it yields.
     */
    [Symbol.asyncIterator](): DoneIterator<F>;
}
/**
 * Iterates over awaitables in the order in which they complete. `for await` gives the futures
 * themselves, a plain `for` gives awaitables of their results. Each awaitable counts once, even if
 * it is given twice. After the timeout the remaining steps throw; nothing is cancelled.
 *
 * @throws TypeError when an item cannot be awaited; RangeError when futures belong to different
 *   loops; RuntimeError when no loop is running. The steps throw TimeoutError after the timeout
 * @example
 * for (const next of asCompleted(tasks, { timeout: '5s' })) use(yield* next);
 * @example
 * for await (const task of asCompleted(tasks)) console.log(task.getName());
 */
export declare function asCompleted<A extends AwaitableLike<any>>(awaitables: Iterable<A>, options?: AsCompletedOptions): AsCompleted<FutureOf<A>>;
