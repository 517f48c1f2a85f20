/** Trying again until it works, with growing pauses. */
import type { Duration } from '../core/support/duration.ts';
import type { Coro } from '../core/support/types.ts';
import type { SignalOptions } from './abort.ts';
import { ScopeRun } from './scope.ts';
/** What the function learns about an attempt. */
export interface Attempt {
    /** 1 for the first. */
    readonly attempt: number;
    /** Aborts when this attempt is cancelled: by its timeout, by `signal`, or from outside. */
    readonly signal: AbortSignal;
}
/**
 * How a pause is blurred, so that many clients do not come back together. `'full'`: anything from 0
 * to the pause; `'equal'`: from half the pause to all of it; a number from 0 to 1: as much of the
 * pause, up or down; `'none'`: not at all.
 */
export type Jitter = 'none' | 'full' | 'equal' | number;
/** How often is tried, and with which pauses. */
export interface RetryOptions extends SignalOptions {
    /** How many attempts there are at most, the first included; 3 by default, Infinity for ever. */
    attempts?: number | undefined;
    /** The pause after the first attempt: seconds, or a string with its unit; 100 ms by default. */
    delay?: Duration | undefined;
    /** How much longer each pause is than the one before; 2 by default, at least 1. */
    factor?: number | undefined;
    /** What no pause is longer than; 30 s by default. */
    maxDelay?: Duration | undefined;
    /** `'none'` by default. */
    jitter?: Jitter | undefined;
    /** How long one attempt may take; then it is cancelled, and has failed with a TimeoutError. */
    timeout?: Duration | null | undefined;
    /** Whether to try again after this error; may be a coroutine function. By default always. */
    retryIf?: ((error: any, attempt: number) => unknown) | undefined;
    /**
     * Is called with every error that is followed by another attempt, before the pause (`delay`
     * seconds); may be a coroutine function.
     */
    onRetry?: ((error: any, attempt: number, delay: number) => unknown) | undefined;
    /** Numbers from 0 up to 1 for the jitter; give a seeded one to have the same pauses again. */
    random?: (() => number) | undefined;
}
/**
 * Calls the function, and calls it again when it throws, until it has succeeded or there is no
 * attempt left; gives what it returns. Every attempt is a task of its own. The first pause is
 * `delay`, each further one `factor` times as long, and none longer than `maxDelay`.
 *
 * CancelledError and KeyboardInterrupt are never retried, and neither is anything once the task has
 * been asked to cancel. Cancel-safe: a cancel ends the attempt, or the pause.
 *
 * @param body - gets `{ attempt, signal }`
 * @throws the error of the last attempt, the very object; `retryErrors(error)` gives all of them.
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
 * The errors of all attempts in their order, for the error that `retry` has thrown; empty for any
 * other.
 */
export declare function retryErrors(error: unknown): readonly unknown[];
