import type { Duration } from '../../core/support/duration.ts';
import type { ClientMiddleware } from './middleware.ts';
/** Options of {@link retryRequests}. */
export interface RetryRequestsOptions {
    /** How often a request is sent at most, including the first time; default 3. */
    attempts?: number;
    /** The wait before the second attempt; it doubles each time; default 0.5 s. */
    delay?: Duration;
    /** The longest wait, including one that the server asks for; default 30 s. */
    maxDelay?: Duration;
    /** Statuses that are retried; default 408, 425, 429, 500, 502, 503 and 504. */
    statuses?: readonly number[];
    /** Methods that are retried; default: the idempotent ones, so neither POST nor PATCH. */
    methods?: readonly string[];
    /** Whether each wait is random between half of it and the whole; default true. */
    jitter?: boolean;
    /** Random numbers from 0 up to 1 for `jitter`; pass a seeded function for reproducible waits. */
    random?: () => number;
}
/**
 * A middleware that retries failed requests: when the connection could not be made or broke, one of
 * its time limits passed, or the server answered with a status that is likely to be temporary. The
 * wait grows each time, or is what the server asks for (`Retry-After`, seconds or a date); if that
 * is longer than `maxDelay`, the response is returned as it is. The total time limit covers all
 * attempts. A body that is a stream is not sent twice.
 *
 * @throws TypeError, RangeError naming the option
 * @example new ClientSession({ middlewares: [retryRequests({ attempts: 5 })] })
 */
export declare function retryRequests(options?: RetryRequestsOptions): ClientMiddleware;
