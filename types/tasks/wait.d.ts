import type { Duration } from '../core/support/duration.ts';
import { Future } from '../core/future/future.ts';
import type { SignalOptions } from './abort.ts';
/** `wait` returns when one of them is done. */
export declare const FIRST_COMPLETED = "FIRST_COMPLETED";
/** `wait` returns when one of them has failed (a cancel is no failure), or when all are done. */
export declare const FIRST_EXCEPTION = "FIRST_EXCEPTION";
/** `wait` returns when all are done. */
export declare const ALL_COMPLETED = "ALL_COMPLETED";
/** When `wait` returns. */
export type ReturnWhen = typeof FIRST_COMPLETED | typeof FIRST_EXCEPTION | typeof ALL_COMPLETED;
/** How long `wait` waits, and for what. */
export interface WaitOptions extends SignalOptions {
    /** Seconds or a string with its unit, after which it returns in any case; by default never. */
    timeout?: Duration | null | undefined;
    /** `ALL_COMPLETED` by default. */
    returnWhen?: ReturnWhen | undefined;
}
/** What `wait` gives: the very futures it was given. */
export interface WaitResult<F> {
    done: Set<F>;
    pending: Set<F>;
}
/**
 * Waits until some of the futures are done, as `returnWhen` says. Cancels nothing, and throws
 * nothing of theirs: look at the futures in `done`. A cancel of the wait leaves them alone.
 *
 * @param futures - futures and tasks; the same one twice counts once
 * @throws TypeError for a coroutine (make a task of it first); RangeError for an empty set
 * @example
 * const { done, pending } = yield* wait(tasks, { returnWhen: FIRST_COMPLETED, timeout: '5s' });
 */
export declare function wait<F extends Future<any>>(futures: Iterable<F>, options?: WaitOptions): Future<WaitResult<F>>;
