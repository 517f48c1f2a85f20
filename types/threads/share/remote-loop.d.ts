import type { SignalOptions } from '../../tasks/abort.ts';
import type { LoopHandleData } from './loop-handle.ts';
import type { SharedFunctions } from './share.ts';
import type { ThreadFuture } from './thread-future.ts';
/** What a call gives: what a coroutine returns, else the value itself. */
export type CallResult<R> = R extends Generator<any, infer T, any> ? T : R extends PromiseLike<infer T> ? T : R;
/** A callback that was posted to another thread's loop. */
export declare class RemoteHandle {
    #private;
    private constructor();
    /**
     * Takes the callback back. It never blocks.
     * @returns true: it has not started and never will; false: it has started, perhaps ended
     */
    cancel(): boolean;
    /** Whether `cancel` was in time. */
    cancelled(): boolean;
    toString(): string;
}
/**
 * A loop of another thread, as `connectLoop` gives it. What is passed travels as structured clone
 * would copy it: no functions, nothing transferred, no SharedArrayBuffer.
 */
export declare class RemoteLoop<F extends SharedFunctions = SharedFunctions> {
    #private;
    private constructor();
    /**
     * The same loop with options for `runCoroutineThreadsafe`: aborting `signal` makes its calls
     * fail with an AbortError and cancels their tasks.
     * @throws TypeError when it is no AbortSignal
     * @example await remote.with({ signal }).runCoroutineThreadsafe('fetchAll', url);
     */
    with(options: SignalOptions): RemoteLoop<F>;
    /** The names that may be called. */
    get functions(): ReadonlyArray<keyof F & string>;
    /** Whether the loop is closed, or its thread has ended. */
    isClosed(): boolean;
    /**
     * Calls a shared function in the loop's next turn; its result is dropped. What one thread
     * posts runs in the order in which it was posted. What the function throws goes to the exception
     * handler of the loop; a coroutine function is run as a task there.
     *
     * @throws RangeError when no function of this name is shared; DataCloneError for an argument
     *   that cannot travel; RuntimeError when the loop is closed or (`ENOBUFS`) does not keep up
     */
    callSoonThreadsafe<K extends keyof F & string>(name: K, ...args: Parameters<F[K]>): RemoteHandle;
    /**
     * Runs a shared function as a task of the loop and gives its result here. A plain function is
     * called in a task too.
     *
     * The future fails with what the function throws (name, message, stack, `code` and `cause` come
     * along), with a RuntimeError when the loop is closed or its thread ends before the answer, and
     * with a DataCloneError when the result cannot travel. `cancel()` cancels the task.
     *
     * @throws as `callSoonThreadsafe`; AbortError when the signal has aborted before
     */
    runCoroutineThreadsafe<K extends keyof F & string>(name: K, ...args: Parameters<F[K]>): ThreadFuture<CallResult<ReturnType<F[K]>>>;
    toString(): string;
}
/**
 * Reaches a loop that another thread shares.
 *
 * @param handle - what `loop.share()` gave, as it arrived in this thread
 * @throws TypeError when it is no handle; RuntimeError when it is of another process or version
 * @example
 * const remote = connectLoop<typeof api>(workerData.loop);
 * const sum = await remote.runCoroutineThreadsafe('add', 1, 2);
 */
export declare function connectLoop<F extends SharedFunctions = SharedFunctions>(handle: LoopHandleData<F> | RemoteLoop<F>): RemoteLoop<F>;
