import type { Duration } from '../core/support/duration.ts';
import type { Future } from '../core/future/future.ts';
import type { AwaitableLike } from '../core/support/types.ts';
import type { SignalOptions } from './abort.ts';
/**
 * Waits for `awaitable`, but no longer than `timeout`. After that it is cancelled, and its clean-up
 * is waited for, so the call may take longer. If it swallows the cancel and returns something, that
 * is the result. Cancelling the wait cancels `awaitable`.
 *
 * @param timeout - seconds, or a string with a unit; null or undefined: no limit; 0 or less:
 *   succeeds only if `awaitable` is already done, and a coroutine does not even start
 * @throws TimeoutError; AbortError when `signal` aborts, once `awaitable` has ended; what
 *   `awaitable` throws; TypeError, RangeError for wrong arguments
 * @example const line = yield* waitFor(reader.readline(), '5s');
 */
export declare function waitFor<T>(awaitable: AwaitableLike<T>, timeout: Duration | null | undefined, options?: SignalOptions): Future<T>;
