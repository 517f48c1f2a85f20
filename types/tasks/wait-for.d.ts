import type { Duration } from '../core/support/duration.ts';
import type { Future } from '../core/future/future.ts';
import type { AwaitableLike } from '../core/support/types.ts';
import type { SignalOptions } from './abort.ts';
/**
 * Waits for `awaitable`, but no longer than `timeout`. When the time is over it is cancelled, and
 * its clean-up is waited for, so this may take longer; if it refuses to be cancelled and returns
 * something, that is the result.
 *
 * @param timeout - seconds or a string with its unit; null or undefined: no limit; 0 and less: only
 *   what is done already counts, and a coroutine does not even start
 * @throws TimeoutError
 * @example const line = yield* waitFor(reader.readline(), '5s');
 */
export declare function waitFor<T>(awaitable: AwaitableLike<T>, timeout: Duration | null | undefined, options?: SignalOptions): Future<T>;
