/** Turns anything that can be awaited into a future. */
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import { Future } from '../future/future.ts';
import type { AwaitableLike } from '../support/types.ts';
/**
 * A future for `awaitable`: a future is returned as it is, a coroutine is started as a task, a
 * Promise is followed by a future (cancelling that does not affect the Promise), and a scope such
 * as `timeout()` runs in a task.
 *
 * @throws RangeError when a future belongs to another loop; TypeError when it cannot be awaited
 * @example ensureFuture(fetch(url)).addDoneCallback((future) => console.log(future.result()));
 */
export declare function ensureFuture<T>(awaitable: AwaitableLike<T>, options?: {
    loop?: AbstractEventLoop | null;
    eagerStart?: boolean;
}): Future<T>;
