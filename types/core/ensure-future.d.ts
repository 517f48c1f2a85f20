/** Making a future of anything that can be awaited. */
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import { Future } from './future.ts';
import type { AwaitableLike } from './types.ts';
/**
 * A future for `awaitable`: a future as it is, a coroutine as a task, a Promise followed by a
 * future (cancelling that leaves the Promise to itself), a scope such as `timeout()` in a task.
 *
 * @throws RangeError when a future belongs to another loop; TypeError when it cannot be awaited
 * @example ensureFuture(fetch(url)).addDoneCallback((future) => console.log(future.result()));
 */
export declare function ensureFuture<T>(awaitable: AwaitableLike<T>, options?: {
    loop?: AbstractEventLoop | null;
    eagerStart?: boolean;
}): Future<T>;
/**
 * The loop for awaitables of which the first is a future's, or the one that is there. Where there
 * is none, the error says all there is to say: Promises of functions that were called too early
 * (`gather(a(), b())` at module level) have most likely failed for the same reason, and must not
 * end the process before it is read.
 *
 * @throws RuntimeError when there is no loop
 */
export declare function loopForAll(call: string, awaitables: readonly AwaitableLike<any>[]): AbstractEventLoop;
/** Whether `value` is something that the waiting calls take. */
export declare function isAwaitable(value: unknown): value is AwaitableLike;
