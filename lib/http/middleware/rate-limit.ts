import type { Duration } from '../../core/support/duration.ts';
import { checkOptions } from '../../core/support/options.ts';
import { duration, integer, saidAtOnce } from '../message/option-values.ts';
import { describe } from '../message/outgoing-body.ts';
import type { Middleware } from '../server/middleware-chain.ts';
import type { Request } from '../server/request.ts';
import { Response } from '../server/response.ts';
import { clientAddress } from './client-address.ts';

export interface RateLimitOptions {
  /** How many requests a client may make at once; they are replenished evenly over a window. */
  limit: number;
  /** The length of a window: seconds, or a string with a unit; 60 s by default. */
  window?: Duration;
  /**
   * Returns the key of the client that a request counts for, or null if it is not limited; by
   * default the client's address.
   */
  key?: (request: Request) => string | null;
  /**
   * The maximum number of clients remembered, 10,000 by default; beyond it, the least recent ones
   * are forgotten.
   */
  maxClients?: number;
}

/**
 * Middleware that answers 429 with Retry-After to clients that make too many requests. Each client
 * has a bucket of `limit` requests that refills evenly over a window.
 * @throws TypeError, RangeError for wrong options
 * @example rateLimit({ limit: 100, window: '1m' })
 */
export function rateLimit(options: RateLimitOptions): Middleware {
  checkOptions('rateLimit()', options, ['limit', 'window', 'key', 'maxClients']);
  const window = duration('window', options.window ?? 60);
  const most = integer('maxClients', options.maxClients ?? 10_000, 1, 1e7);
  const { key = clientAddress } = options;
  if (typeof key !== 'function') {
    throw new TypeError(`rateLimit(): key must be a function, not ${describe(key)}`);
  }
  const limit = integer('limit', options.limit, 1, 1e9);
  const each = window / limit;
  /**
   * When the bucket of each client will be full again, in seconds on the loop's clock; clients not
   * listed have a full bucket.
   */
  const fullAt = new Map<string, number>();

  return (request, next) => {
    const client = saidAtOnce('rateLimit(): key', key(request));
    if (client === null) return next();
    const now = request._connection._loop.time();
    const full = Math.max(now, fullAt.get(client) ?? now) + each;
    // Tolerate rounding errors.
    const wait = full - now - window;
    const refused = wait > each * 1e-6;
    const missing = (refused ? full - each : full) - now;
    fullAt.delete(client);
    fullAt.set(client, now + missing);
    if (fullAt.size > most) forget(fullAt);
    const left = Math.floor((window - missing) / each + 1e-6);
    request.onResponse(({ headers }) => {
      headers.set('ratelimit-limit', limit);
      headers.set('ratelimit-remaining', Math.max(0, left));
      headers.set('ratelimit-reset', Math.ceil(missing));
    });
    if (!refused) return next();
    return new Response('Too Many Requests', {
      status: 429,
      headers: { 'retry-after': String(Math.ceil(wait)) },
    });
  };
}

/** Forgets the least recent client, which is the first in the map. */
function forget(clients: Map<string, number>): void {
  for (const client of clients.keys()) {
    clients.delete(client);
    return;
  }
}
