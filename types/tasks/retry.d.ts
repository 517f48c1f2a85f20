/** Retrying with increasing pauses. */
import type { Duration } from '../core/support/duration.ts';
import type { Coro } from '../core/support/types.ts';
import type { SignalOptions } from './abort.ts';
import { ScopeRun } from './scope.ts';
/** What the body is given about an attempt. */
export interface Attempt {
    /** 1 for the first. */
    readonly attempt: number;
    /** Aborts when this attempt is cancelled: by its timeout, by `signal`, or from outside. */
    readonly signal: AbortSignal;
}
/**
 * How pauses are randomised, so that many clients do not retry at the same moment. `'full'`: from 0
 * to the pause; `'equal'`: from half the pause to the whole; a number from 0 to 1: up to that
 * fraction of the pause more or less; `'none'`: not at all.
 */
export type Jitter = 'none' | 'full' | 'equal' | number;
/** Options of `retry`. */
export interface RetryOptions extends SignalOptions {
    /** The maximum number of attempts, including the first; 3 by default, Infinity for no limit. */
    attempts?: number | undefined;
    /** The pause after the first attempt: seconds, or a string with a unit; 100 ms by default. */
    delay?: Duration | undefined;
    /** The factor from each pause to the next; at least 1, 2 by default. */
    factor?: number | undefined;
    /** The maximum pause: seconds, or a string with a unit; 30 s by default. */
    maxDelay?: Duration | undefined;
    /** `'none'` by default. */
    jitter?: Jitter | undefined;
    /**
     * The time limit of one attempt: seconds, or a string with a unit; none by default. After it the
     * attempt is cancelled, and counts as failed with a TimeoutError.
     */
    timeout?: Duration | null | undefined;
    /**
     * Returns whether to try again after this error; may be a coroutine function. By default always.
     */
    retryIf?: ((error: any, attempt: number) => unknown) | undefined;
    /**
     * Called with every error that will be followed by another attempt, before the pause (`delay`
     * seconds); may be a coroutine function.
     */
    onRetry?: ((error: any, attempt: number, delay: number) => unknown) | undefined;
    /**
     * Returns random numbers from 0 to 1 for the jitter; pass a seeded generator for reproducible
     * pauses.
     */
    random?: (() => number) | undefined;
}
/**
 * Calls the function, and calls it again when it throws, until it succeeds or no attempt is left.
 * Returns what the function returns. Every attempt runs in its own task. The first pause is
 * `delay`, each further one `factor` times as long, but none is longer than `maxDelay`.
 *
 * CancelledError and KeyboardInterrupt are never retried, and nothing is retried once the calling
 * task has been asked to cancel. Cancel-safe: a cancel ends the attempt or the pause.
 *
 * @param body - gets `{ attempt, signal }`
 * @throws the error object of the last attempt; `retryErrors(error)` returns those of all attempts.
 *   AbortError when `signal` aborts. TypeError, RangeError for wrong options
 * @example
 * const page = yield* retry(function* ({ attempt }) { return yield* load(url); }, {
 *   attempts: 5, delay: '100ms', jitter: 'full', timeout: '2s',
 *   retryIf: (error) => error.code !== 'EACCES',
 * });
 * @example
 * const answer = await retry(({ signal }) => fetch(url, { signal }));
 */
export declare function retry<T>(body: (attempt: Attempt) => Coro<T> | PromiseLike<T>, options?: RetryOptions): ScopeRun<T>;
/**
 * The errors of all attempts in order, for an error that `retry` has thrown; empty for any other
 * error.
 */
export declare function retryErrors(error: unknown): readonly unknown[];
