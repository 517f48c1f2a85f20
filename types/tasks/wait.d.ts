import type { Duration } from '../core/support/duration.ts';
import { Future } from '../core/future/future.ts';
import type { SignalOptions } from './abort.ts';
/** `wait` returns when one of the futures is done. */
export declare const FIRST_COMPLETED = "FIRST_COMPLETED";
/**
 * `wait` returns when one of the futures has failed (a cancel is no failure), or when all are done.
 */
export declare const FIRST_EXCEPTION = "FIRST_EXCEPTION";
/** `wait` returns when all futures are done. */
export declare const ALL_COMPLETED = "ALL_COMPLETED";
/** When `wait` returns. */
export type ReturnWhen = typeof FIRST_COMPLETED | typeof FIRST_EXCEPTION | typeof ALL_COMPLETED;
/** Options of `wait`. */
export interface WaitOptions extends SignalOptions {
    /** Seconds, or a string with a unit, after which it returns in any case; no limit by default. */
    timeout?: Duration | null | undefined;
    /** When to return; `ALL_COMPLETED` by default. */
    returnWhen?: ReturnWhen | undefined;
}
/** The result of `wait`: the given futures, by whether they are done. */
export interface WaitResult<F> {
    done: Set<F>;
    pending: Set<F>;
}
/**
 * Waits until the futures are done as `returnWhen` says. It cancels nothing, not even after the
 * timeout, and does not throw the errors of the futures: look at those in `done`. Cancelling the
 * wait does not affect them.
 *
 * @param futures - futures and tasks; one that is given twice counts once
 * @throws TypeError for a coroutine (make a task of it first) and wrong options; RangeError for an
 *   empty set, futures of different loops, or an unknown `returnWhen`; AbortError when `signal`
 *   aborts
 * @example
 * const { done, pending } = yield* wait(tasks, { returnWhen: FIRST_COMPLETED, timeout: '5s' });
 */
export declare function wait<F extends Future<any>>(futures: Iterable<F>, options?: WaitOptions): Future<WaitResult<F>>;
