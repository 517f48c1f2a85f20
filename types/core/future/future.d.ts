/**
 * Future: a result that becomes available later.
 *
 * It is not a Promise: settling it runs no code at once and uses no microtask; its waiters are put
 * into the loop's ready queue. `_waiter` is the one waiter, or a list once there is a second.
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
 * A result that becomes available later. `yield* future` and `await future` wait for it.
 *
 * @example
 * const future = loop.createFuture<number>();
 * loop.callLater(1, () => future.setResult(42));
 * yield* future; // 42
 */
export declare class Future<T = unknown> implements Awaitable<T>, FutureCore {
    /**
     * @param options - `loop`: by default the running one
     * @throws TypeError when `loop` is not an event loop; RuntimeError when none is given, running or
     *   set
     */
    constructor(options?: {
        loop?: LoopCore;
    } | null);
    /** Whether it has a result, an error, or was cancelled. */
    done(): boolean;
    /** Whether it was cancelled. */
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
    /** Completes it with a result. @throws InvalidStateError when it is already done */
    setResult(value: T): void;
    /**
     * Completes it with an error. A class is instantiated.
     * @throws InvalidStateError when it is already done; TypeError for undefined and null
     */
    setException(exception: unknown): void;
    /**
     * Cancels it: code that awaits it gets a CancelledError with this reason.
     * @returns false when it was already done
     */
    cancel(reason?: unknown): boolean;
    /**
     * Calls `callback(future)` from the loop once the future is done; never immediately, even if it
     * is already done. Callbacks run in the order they were added, in the context they were added in.
     * @throws TypeError when `callback` is not a function
     */
    addDoneCallback(callback: (future: this) => unknown): void;
    /** Removes every occurrence of `callback`. @returns how many there were */
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
