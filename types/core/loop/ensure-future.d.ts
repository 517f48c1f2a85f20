/** Making a future of anything that can be awaited. */
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import { Future } from '../future/future.ts';
import type { AwaitableLike } from '../support/types.ts';
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
