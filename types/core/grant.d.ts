/**
 * A future for something that is handed over: a lock, an item of a queue, a place in one.
 *
 * Between the turn in which a task's wait is over and the one in which it goes on, the task may be
 * cancelled. An ordinary future has its result by then, and the task would be cancelled with a lock
 * in its hands that nobody knows of. So a grant is only a promise until somebody looks: `_collect`
 * makes the hand-over when the task goes on, and a cancel before that takes the promise back
 * (`_revoke`), which is how nothing is ever lost.
 */
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import { Future } from './future.ts';
import type { Yieldable } from './types.ts';
export declare class Grant<T> extends Future<T> {
    /** @internal Granted, and nobody has looked yet. Why `declare`: see Future. */
    _untaken: boolean;
    constructor(options?: {
        loop?: AbstractEventLoop;
    } | null);
    /** @internal Hands the thing over, or throws; called once, for whoever looks first. */
    _collect(): T;
    /** @internal The one it was promised to does not want it any more. */
    _revoke(): void;
    /** @internal As a waiter of another grant: whether it takes that one's when its own is taken. */
    _passesOn(): boolean;
    /** @internal */
    _isSettled(): boolean;
    /** @internal Ends the wait. Whoever does not wait in a task looks at once. */
    _grant(): void;
    /** @internal The result, which is handed over now if it was not yet. */
    _take(): T;
    result(): T;
    next(): IteratorResult<Yieldable, T>;
    then<A = T, B = never>(fulfilled?: ((value: T) => A | PromiseLike<A>) | null, rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B>;
    cancel(reason?: unknown): boolean;
}
