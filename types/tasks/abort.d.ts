import { AbortError } from '../core/errors.ts';
import type { Future } from '../core/future.ts';
/** What every call that waits can be given. */
export interface SignalOptions {
    /** Aborting it makes the call fail with an AbortError; that is no cancellation of the task. */
    signal?: AbortSignal | null | undefined;
}
/** The names of `SignalOptions`. */
export declare const SIGNAL: readonly string[];
/** What a call has that was given no options: nothing to be looked at. */
export declare const NO_OPTIONS: SignalOptions;
/**
 * Calls `abort` when the signal aborts before the future is done; at once when it has already.
 * @throws TypeError when it is no AbortSignal
 */
export declare function onAbort(future: Future<any>, signal: AbortSignal, abort: (error: AbortError) => void): void;
/** Makes the future fail when the signal aborts, and lets it go on else. */
export declare function abortWith<F extends Future<any>>(future: F, signal: AbortSignal | null | undefined): F;
/**
 * The error of a call whose signal has aborted before it began; null: it may begin.
 * @throws TypeError when it is no AbortSignal
 */
export declare function abortedBefore(signal: AbortSignal | null | undefined): AbortError | null;
/**
 * The same for the options of a call, which are checked first.
 * @throws TypeError when they are no object, or the signal is none
 */
export declare function abortedFirst(where: string, options: SignalOptions): AbortError | null;
