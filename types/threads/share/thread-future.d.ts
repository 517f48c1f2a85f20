import type { Awaitable, Yieldable } from '../../core/support/types.ts';
/**
 * Returned by `runCoroutineThreadsafe`. `yield*` and `await` return the result; a task that is
 * cancelled while it waits cancels the call.
 *
 * @example
 * const future = remote.runCoroutineThreadsafe('fetchAll', url);
 * const pages = await future;
 */
export declare class ThreadFuture<T = unknown> implements Awaitable<T> {
    #private;
    private constructor();
    /** Whether it has a result or an error, or was cancelled. */
    done(): boolean;
    /** Whether it was cancelled, here or by the loop that ran it. */
    cancelled(): boolean;
    /**
     * The result. It never blocks: await the future to wait.
     * @throws the error it failed with; CancelledError; InvalidStateError while it is pending
     */
    result(): T;
    /**
     * The error it failed with, or null.
     * @throws CancelledError; InvalidStateError while it is pending
     */
    exception(): unknown;
    /**
     * Cancels the call: this future is cancelled at once, and the called loop is asked to cancel the
     * task, or not to start it.
     *
     * @param reason - passed to the task, if it can be cloned
     * @returns false when it was already done
     */
    cancel(reason?: unknown): boolean;
    /**
     * Calls `callback(future)` when it is done; at once if it is already done. @throws TypeError when
     * it is not a function
     */
    addDoneCallback(callback: (future: this) => unknown): void;
    /** For `yield*`, in a coroutine of any loop of this thread. */
    [Symbol.iterator](): Iterator<Yieldable, T, unknown>;
    /** For `await`, inside or outside a task. */
    then<A = T, B = never>(fulfilled?: ((value: T) => A | PromiseLike<A>) | null, rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<A | B>;
    catch<B = never>(rejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B>;
    finally(settled?: (() => void) | null): Promise<T>;
    toString(): string;
}
