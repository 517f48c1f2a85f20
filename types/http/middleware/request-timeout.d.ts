import type { Duration } from '../../core/support/duration.ts';
import type { Middleware } from '../server/middleware-chain.ts';
/**
 * Middleware that answers 504 when what is inside takes longer. That is cancelled then, and
 * `request.signal` aborts, but nobody waits for it. The body of an answer may take longer.
 * @throws TypeError, RangeError unless it is a duration of more than 0
 */
export declare function requestTimeout(time: Duration): Middleware;
