import type { Duration } from '../../core/support/duration.ts';
import type { Middleware } from '../server/middleware-chain.ts';
/**
 * Middleware that answers 504 when the inner handler takes longer. The handler is then cancelled
 * and `request.signal` aborts, but its end is not waited for. Sending the body of a response is not
 * limited.
 * @param time - seconds, or a string with a unit
 * @throws TypeError, RangeError unless it is a duration of more than 0
 */
export declare function requestTimeout(time: Duration): Middleware;
