/** The fields of a task that most tasks never need. */
import type { Context } from './context.ts';
import type { Future } from './future.ts';
import type { Task } from './task.ts';
/** What looks after the waits of a task: the innermost cancel scope that it is in. */
export interface Watch {
    /** @internal The reason to cancel the waits for; null: there is none. */
    _cancellation(): {
        reason: unknown;
        error(): Error;
    } | null;
}
/** Kept apart, so that a task stays small. */
export declare class Rare {
    /** A context that is shared with others. */
    context: Context | null;
    /** Further futures that an async function waits for. */
    alsoWaiting: Set<Future<any>> | null;
    /** While a cancel goes on to what it waits for. */
    passing: boolean;
    abort: AbortController | null;
    /** Of the last cancel. */
    reason: unknown;
    /** What THROW_ERROR throws. */
    error: unknown;
    /** The task for which this one runs a scope, or the body of one. */
    insteadOf: Task<any> | null;
    watch: Watch | null;
}
