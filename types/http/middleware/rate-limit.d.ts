import type { Duration } from '../../core/support/duration.ts';
import type { Middleware } from '../server/middleware-chain.ts';
import type { Request } from '../server/request.ts';
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
export declare function rateLimit(options: RateLimitOptions): Middleware;
