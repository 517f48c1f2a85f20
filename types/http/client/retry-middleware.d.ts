import type { Duration } from '../../core/support/duration.ts';
import type { ClientMiddleware } from './middleware.ts';
/** Options of {@link retryRequests}. */
export interface RetryRequestsOptions {
    /** How often a request is sent at most, the first time included; 3 by default. */
    attempts?: number;
    /** The wait before the second attempt, which doubles each time; 0.5 s by default. */
    delay?: Duration;
    /** The longest wait, also of those that a server asks for; 30 s by default. */
    maxDelay?: Duration;
    /** Statuses that are tried again; 408, 425, 429, 500, 502, 503 and 504 by default. */
    statuses?: readonly number[];
    /** Methods that are; by default those that are idempotent: not POST, not PATCH. */
    methods?: readonly string[];
    /** Whether each wait is drawn between a half of it and the whole; true by default. */
    jitter?: boolean;
    /** Numbers from 0 up to 1 for that; give a seeded one to have the same waits again. */
    random?: () => number;
}
/**
 * A middleware that sends again what failed: when the connection could not be made or broke, a time
 * limit of it passed, or the server has answered with a status that may be another one soon. It
 * waits longer each time, or as long as the server says (`Retry-After`, seconds or a date); when
 * that is longer than `maxDelay`, the answer is handed out as it is. The limit on the total goes on
 * all the while. A body that is a stream of one use is not sent twice.
 *
 * @throws TypeError, RangeError that name the option
 * @example new ClientSession({ middlewares: [retryRequests({ attempts: 5 })] })
 */
export declare function retryRequests(options?: RetryRequestsOptions): ClientMiddleware;
