import type { Duration } from '../core/support/duration.ts';
import { Future } from '../core/future/future.ts';
import type { Waiter } from '../core/future/future.ts';
import type { AwaitableLike, ResultOf } from '../core/support/types.ts';
import type { Runnable } from '../native/rings.ts';
/** How long `asCompleted` waits. */
export interface AsCompletedOptions {
    /** Seconds or a string with its unit; by default no limit. */
    timeout?: Duration | null | undefined;
}
/** What stands for a future in the iteration. */
type FutureOf<A> = A extends Future<any> ? A : Future<ResultOf<A>>;
/**
 * An async iterator of futures. It has a name of its own because TypeScript thinks that `for await`
 * awaits what an `AsyncIterator` yields; only an async generator does that.
 */
export interface DoneIterator<F> {
    next(): Promise<IteratorResult<F, undefined>>;
}
/**
 * What `asCompleted` gives. Each step of either iteration takes one of the futures that are done;
 * the two may be mixed.
 */
export declare class AsCompleted<F extends Future<any>> implements Waiter, Runnable {
    #private;
    private constructor();
    toString(): string;
    /** Awaitables, each of which gives the result of the next one that is done. */
    [Symbol.iterator](): IterableIterator<Future<ResultOf<F>>>;
    /**
     * The very futures and tasks that were given, each when it is done. Written by hand, because an
     * async generator would await what it yields.
     */
    [Symbol.asyncIterator](): DoneIterator<F>;
}
/**
 * Awaitables in the order in which they are done. `for await` gives the futures themselves, a plain
 * `for` gives awaitables of their results; either counts each of them once. When the time is over,
 * the remaining steps throw; nothing is cancelled.
 *
 * @throws TypeError for what cannot be awaited; TimeoutError from the steps
 * @example
 * for (const next of asCompleted(tasks, { timeout: '5s' })) use(yield* next);
 * @example
 * for await (const task of asCompleted(tasks)) console.log(task.getName());
 */
export declare function asCompleted<A extends AwaitableLike<any>>(awaitables: Iterable<A>, options?: AsCompletedOptions): AsCompleted<FutureOf<A>>;
