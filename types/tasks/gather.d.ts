import { Future } from '../core/future/future.ts';
import type { AwaitableLike, ResultOf } from '../core/support/types.ts';
import type { SignalOptions } from './abort.ts';
/** Options of `gather`. */
export interface GatherOptions extends SignalOptions {
    /** Puts errors among the results instead of failing with the first one; false by default. */
    returnExceptions?: boolean | undefined;
}
/**
 * Waits for all awaitables and returns their results in the order of the arguments. Coroutines run
 * as tasks. The first error is thrown at once while the others keep running; with
 * `returnExceptions` the errors are among the results. Cancelling it cancels all of them.
 *
 * @throws the first error of a child; AbortError when `signal` aborts, after all have been
 *   cancelled and have ended; TypeError when an item cannot be awaited; RangeError for futures of
 *   different loops; RuntimeError when no loop is running
 *
 * @example const [a, b] = yield* gather(first(), second());
 * @example const all = yield* gather(urls.map(load), { returnExceptions: true });
 */
export declare function gather<A extends readonly AwaitableLike<any>[]>(...awaitables: A): Future<{
    -readonly [K in keyof A]: ResultOf<A[K]>;
}>;
export declare function gather<const A extends readonly AwaitableLike<any>[]>(awaitables: A, options?: GatherOptions & {
    returnExceptions?: false;
}): Future<{
    -readonly [K in keyof A]: ResultOf<A[K]>;
}>;
export declare function gather<const A extends readonly AwaitableLike<any>[]>(awaitables: A, options: GatherOptions): Future<{
    -readonly [K in keyof A]: ResultOf<A[K]> | Error;
}>;
export declare function gather<A extends AwaitableLike<any>>(awaitables: Iterable<A>, options?: GatherOptions & {
    returnExceptions?: false;
}): Future<ResultOf<A>[]>;
export declare function gather<A extends AwaitableLike<any>>(awaitables: Iterable<A>, options: GatherOptions): Future<(ResultOf<A> | Error)[]>;
