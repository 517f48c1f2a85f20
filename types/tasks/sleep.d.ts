import type { Duration } from '../core/support/duration.ts';
import { Future } from '../core/future/future.ts';
import type { SignalOptions } from './abort.ts';
/**
 * Waits. It has begun when the call returns, and it is never early.
 *
 * @param delay - seconds, or a string with its unit (`'250ms'`); 0 and less wait one turn
 * @param result - what awaiting it gives
 * @param options - `signal`: aborting it makes the sleep fail with an AbortError
 * @throws TypeError, RangeError for anything but a duration; RuntimeError when no loop is running
 * @example yield* sleep('250ms');
 */
export declare function sleep(delay: Duration): Future<void>;
export declare function sleep<T>(delay: Duration, result: T, options?: SignalOptions): Future<T>;
