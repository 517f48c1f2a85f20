import type { Duration } from '../../core/support/duration.ts';
import type { Middleware } from '../server/middleware-chain.ts';
import type { Request } from '../server/request.ts';
export interface RateLimitOptions {
    /** Requests that a client has at once, and gets back evenly in the course of a window. */
    limit: number;
    /** 60 s by default. */
    window?: Duration;
    /**
     * Who a request counts for; null for nobody. By default the address that it comes from.
     */
    key?: (request: Request) => string | null;
    /** Clients that are remembered, 10,000 by default; of more, those that came longest ago go. */
    maxClients?: number;
}
/**
 * Middleware that answers 429 with Retry-After to clients that ask too often. Each client has a
 * bucket of `limit` requests that fills up again evenly in the course of a window.
 * @throws TypeError, RangeError for options that do not exist
 * @example rateLimit({ limit: 100, window: '1m' })
 */
export declare function rateLimit(options: RateLimitOptions): Middleware;
