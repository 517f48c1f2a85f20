import type { Future } from '../core/future.ts';
import { Task } from '../core/task.ts';
import type { Watch } from '../core/task-rare.ts';
import type { Coro, Yieldable } from '../core/types.ts';
/** The side of a scope that the walk of its body talks to. */
export interface WalkWatch extends Watch {
    /** @internal Whether a scope within this one, in the same task, looks after the waits. */
    _delegates(): boolean;
}
/** The iterator between a generator body and the task that runs it. */
export declare class ScopeWalk<T> implements Iterator<Yieldable, T, unknown> {
    #private;
    constructor(body: Coro<T>, watch: WalkWatch, task: Task<any>);
    [Symbol.iterator](): this;
    next(): IteratorResult<Yieldable, T>;
    throw(error: unknown): IteratorResult<Yieldable, T>;
    return(value: T): IteratorResult<Yieldable, T>;
}
/** A task in which a scope, or the body of one, runs in place of the task that waits for it. */
export declare class InPlaceTask<T> extends Task<T> {
    /** @internal One step: after a bare `yield` it fails, as any other wait does. */
    _run(): void;
    /** @internal */
    _await(future: Future<any>): void;
    /** @internal */
    _laneWaits(future: Future<any>): void;
}
/** Notes that the running task was made for a scope that `caller` waits for. */
export declare function runInsteadOf(task: Task<any> | null, caller: Task<any> | null): void;
/**
 * Cancels what a task, and what runs in its place, waits for right now, as far as a scope around
 * that is cancelled; what runs finds out by itself. Scopes may stand within each other deeper than
 * the stack is.
 */
export declare function cancelWaits(outermost: Task<any>): void;
