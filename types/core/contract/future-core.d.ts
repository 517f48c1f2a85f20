import type { Awaitable } from '../support/types.ts';
/** Woken at once, inside the call that settles the future: may only record and enqueue. */
export interface Waiter {
}
/** What the rooms below Future (those that observe and describe it) know about a future. */
export interface FutureCore extends Awaitable<any> {
    /** Whether it has a result, an error, or was cancelled. */
    done(): boolean;
    /** Whether it has ended by a cancel. */
    cancelled(): boolean;
    /** Cancels it. @returns false when it was already done */
    cancel(reason?: unknown): boolean;
}
