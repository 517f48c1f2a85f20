import type { Future } from '../core/future.ts';
import { Task } from '../core/task.ts';
import type { Coro, CoroFunction, Yieldable } from '../core/types.ts';
/** The side of a scope that the waits of its body talk to. */
export interface Watch {
    /** @internal Whether a scope within this one, in the same task, looks after the waits. */
    _delegates(): boolean;
    /** @internal The reason to cancel the waits for; null: there is none. */
    _cancellation(): {
        reason: unknown;
        error(): Error;
    } | null;
    /** @internal An async body has begun to wait. */
    _laneWaits(): void;
}
/** The iterator between a generator body and the task that runs it. */
export declare class ScopeWalk<T> implements Iterator<Yieldable, T, unknown> {
    #private;
    constructor(body: Coro<T>, watch: Watch);
    [Symbol.iterator](): this;
    next(): IteratorResult<Yieldable, T>;
    throw(error: unknown): IteratorResult<Yieldable, T>;
    return(value: T): IteratorResult<Yieldable, T>;
}
/** The task of an async body. */
export declare class ScopeTask<T> extends Task<T> {
    #private;
    constructor(body: CoroFunction<T>, watch: Watch, caller: Task<any>);
    /** @internal */
    _laneWaits(future: Future<any>): void;
}
