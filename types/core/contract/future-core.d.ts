import type { Awaitable } from '../support/types.ts';
/** Told at once, inside the call that settles the future; must only make notes and enqueue. */
export interface Waiter {
}
/** What the rooms below Future, those that watch it and describe it, know of one. */
export interface FutureCore extends Awaitable<any> {
    /** Whether it has a result, an error, or was cancelled. */
    done(): boolean;
    /** Whether it has ended by a cancel. */
    cancelled(): boolean;
    /** Cancels it. @returns false when it was done already */
    cancel(reason?: unknown): boolean;
}
