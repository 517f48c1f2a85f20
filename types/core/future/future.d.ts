/**
 * Future: a result that will be there later.
 *
 * It is no Promise: settling it runs nothing at once and uses no microtask; its waiters are put
 * into the loop's ready queue. Who waits stands in `_waiter`; only a second one makes a list.
 *
 * For `yield*` a future is its own iterator, and the iterator results are two objects that all
 * futures share: `yield*` and the driver read them before anything else can run, so awaiting
 * allocates nothing.
 */
import type { FutureCore } from '../contract/future-core.ts';
import type { LoopCore } from '../contract/loop-core.ts';
import type { Awaitable, Yieldable } from '../support/types.ts';
import type { Waiter } from './waiters.ts';
/**
 * A result that will be there later. `yield* future` and `await future` wait for it.
 *
 * @example
 * const future = loop.createFuture<number>();
 * loop.callLater(1, () => future.setResult(42));
 * yield* future; // 42
 */
export declare class Future<T = unknown> implements Awaitable<T>, FutureCore {
    /**
     * @param options - `loop`: by default the running one
     * @throws TypeError for anything but a loop; RuntimeError when none is given and none is running
     */
    constructor(options?: {
        loop?: LoopCore;
    } | null);
    /** Whether it has a result, an error, or was cancelled. */
    done(): boolean;
    /** Whether it has ended by a cancel. */
    cancelled(): boolean;
    /**
     * The result.
     * @throws the error it failed with; CancelledError; InvalidStateError while it is pending
     */
    result(): T;
    /**
     * The error it failed with, or null.
     * @throws CancelledError; InvalidStateError while it is pending
     */
    exception(): unknown;
    /** @throws InvalidStateError when it is done already */
    setResult(value: T): void;
    /**
     * Makes it fail. A class is instantiated.
     * @throws InvalidStateError when it is done already; TypeError for undefined and null
     */
    setException(exception: unknown): void;
    /**
     * Cancels it: those who await it get a CancelledError with this reason.
     * @returns false when it was done already
     */
    cancel(reason?: unknown): boolean;
    /**
     * Calls `callback(future)` from the loop once it is done; never at once, also when it is done
     * already. Callbacks run in the order they were added, in the context they were added in.
     */
    addDoneCallback(callback: (future: this) => unknown): void;
    /** Takes back every addition of `callback`. @returns how many there were */
    removeDoneCallback(callback: (future: this) => unknown): number;
    /** For `yield*`: a future is its own iterator. */
    [Symbol.iterator](): Iterator<Yieldable, T, unknown>;
    /** For `await`. Inside a task of the async lane, cancelling the task cancels this future. */
    then<A = T, B = never>(fulfilled?: ((value: T) => A | PromiseLike<A>) | null, rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B>;
    catch<B = never>(rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B>;
    finally(settled?: (() => void) | null): Promise<T>;
    toString(): string;
}
/** Whether `value` is one of our futures (a task is one). */
export declare function isFuture(value: unknown): value is Future<unknown>;
export type { Waiter };
