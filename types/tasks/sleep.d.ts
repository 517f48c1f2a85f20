import type { Duration } from '../core/support/duration.ts';
import { Future } from '../core/future/future.ts';
import type { SignalOptions } from './abort.ts';
/**
 * Waits for `delay`. The time counts from the call, not from the await, and the wait is never
 * shorter. Cancel-safe.
 *
 * @param delay - seconds, or a string with a unit (`'250ms'`); 0 or less waits one turn
 * @param result - the value that the sleep returns
 * @param options - `signal`: aborting it makes the sleep fail with an AbortError
 * @throws TypeError, RangeError when `delay` is not a duration; RuntimeError when no loop is
 *   running
 * @example yield* sleep('250ms');
 */
export declare function sleep(delay: Duration): Future<void>;
export declare function sleep<T>(delay: Duration, result: T, options?: SignalOptions): Future<T>;
