import { Future } from '../core/future/future.ts';
import type { AwaitableLike, ResultOf } from '../core/support/types.ts';
import type { SignalOptions } from './abort.ts';
/** What `gather` does with errors. */
export interface GatherOptions extends SignalOptions {
    /** Puts errors among the results instead of failing with the first. */
    returnExceptions?: boolean | undefined;
}
/**
 * Waits for all of them and gives their results in the order of the arguments. Coroutines run as
 * tasks. The first error is thrown at once and the others go on; with `returnExceptions` errors
 * stand among the results. Cancelling it cancels all of them.
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
