import type { SignalOptions } from '../../tasks/abort.ts';
import type { LoopHandleData } from './loop-handle.ts';
import type { SharedFunctions } from './share.ts';
import type { ThreadFuture } from './thread-future.ts';
/** The result type of a call: what a coroutine returns, or the value of a plain function. */
export type CallResult<R> = R extends Generator<any, infer T, any> ? T : R extends PromiseLike<infer T> ? T : R;
/** A callback that was posted to another thread's loop. */
export declare class RemoteHandle {
    #private;
    private constructor();
    /**
     * Cancels the callback if it has not started. It never blocks.
     * @returns true: it has not started and never will; false: it has already started
     */
    cancel(): boolean;
    /** Whether `cancel` was in time. */
    cancelled(): boolean;
    toString(): string;
}
/**
 * A loop of another thread, returned by `connectLoop`. Arguments and results are copied, as by
 * structured clone: no functions, no transferred objects, no SharedArrayBuffer.
 */
export declare class RemoteLoop<F extends SharedFunctions = SharedFunctions> {
    #private;
    private constructor();
    /**
     * The same loop with options for `runCoroutineThreadsafe`: aborting `signal` makes its calls fail
     * with an AbortError and cancels their tasks.
     * @throws TypeError when `signal` is not an AbortSignal
     * @example await remote.with({ signal }).runCoroutineThreadsafe('fetchAll', url);
     */
    with(options: SignalOptions): RemoteLoop<F>;
    /** The names of the shared functions. */
    get functions(): ReadonlyArray<keyof F & string>;
    /** Whether the loop is closed, or its thread has ended. */
    isClosed(): boolean;
    /**
     * Calls a shared function in the loop's next turn; its result is dropped. The posts of one thread
     * run in order. An error of the function goes to the exception handler of the loop; a coroutine
     * function runs there as a task.
     *
     * @throws RangeError when no function of this name is shared; DataCloneError for an argument that
     *   cannot be copied; RuntimeError when the loop is closed or (code `ENOBUFS`) does not keep up
     */
    callSoonThreadsafe<K extends keyof F & string>(name: K, ...args: Parameters<F[K]>): RemoteHandle;
    /**
     * Runs a shared function as a task of the loop and returns its result here. A plain function is
     * also called in a task.
     *
     * The future fails with what the function throws (including name, message, stack, `code` and
     * `cause`), with a RuntimeError when the loop is closed or its thread ends before the answer, and
     * with a DataCloneError when the result cannot be copied. `cancel()` cancels the task.
     *
     * @throws as `callSoonThreadsafe`; AbortError when the signal of `with` has already aborted
     */
    runCoroutineThreadsafe<K extends keyof F & string>(name: K, ...args: Parameters<F[K]>): ThreadFuture<CallResult<ReturnType<F[K]>>>;
    toString(): string;
}
/**
 * Connects to a loop that another thread shares.
 *
 * @param handle - the handle of `loop.share()`, as it arrived in this thread
 * @throws TypeError when it is not a handle; RuntimeError when it is from another process or
 *   version
 * @example
 * const remote = connectLoop<typeof api>(workerData.loop);
 * const sum = await remote.runCoroutineThreadsafe('add', 1, 2);
 */
export declare function connectLoop<F extends SharedFunctions = SharedFunctions>(handle: LoopHandleData<F> | RemoteLoop<F>): RemoteLoop<F>;
