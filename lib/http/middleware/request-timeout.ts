import type { Duration } from '../../core/support/duration.ts';
import { duration } from '../message/option-values.ts';
import type { Middleware } from '../server/middleware-chain.ts';
import { within } from '../server/time-limit.ts';

/**
 * Middleware that answers 504 when what is inside takes longer. That is cancelled then, and
 * `request.signal` aborts, but nobody waits for it. The body of an answer may take longer.
 * @throws TypeError, RangeError unless it is a duration of more than 0
 */
export function requestTimeout(time: Duration): Middleware {
  const seconds = duration('requestTimeout()', time);
  return (request, next) => within(request._connection._loop, request, next(), seconds);
}
