/**
 * Threads for work that would block the loop. The threads are managed by piscina; waiting jobs are
 * kept here, so that they can be cancelled.
 */
import type { ResourceLimits } from 'node:worker_threads';
import type { Duration } from '../../core/support/duration.ts';
import type { Callable, Executor, ModuleWork, ShutdownOptions, SubmitOptions } from './executor.ts';
/** Options of `ThreadPoolExecutor`. */
export interface ThreadPoolExecutorOptions {
    /** The maximum number of threads; by default the number of processors plus 4, but at most 32. */
    maxWorkers?: number | undefined;
    /** How long a thread without work is kept: seconds, or a string with a unit; 30 s by default. */
    idleTimeout?: Duration | undefined;
    /** The name of the executor in messages; `'threads'` by default. */
    name?: string | undefined;
    /**
     * Whether running work is terminated, with its thread, when it is cancelled; false by default: it
     * continues, as in asyncio.
     */
    terminateOnCancel?: boolean | undefined;
    /** The memory limits of each thread, as for `new Worker`. */
    resourceLimits?: ResourceLimits | undefined;
}
/**
 * Does work in threads (`node:worker_threads`). A thread starts when there is work for it and is
 * kept for later work; idle threads do not keep the process alive.
 *
 * The work is `{ module, name }`, a function of a module, or a self-contained function, which is
 * sent as its source text. Arguments and results are copied, as by `structuredClone`.
 *
 * @example
 * const threads = new ThreadPoolExecutor({ maxWorkers: 4 });
 * const sum = yield* loop.runInExecutor(threads, (a: number, b: number) => a + b, 1, 2);
 * yield* promise(threads.shutdown());
 */
export declare class ThreadPoolExecutor implements Executor {
    #private;
    readonly maxWorkers: number;
    readonly name: string;
    /** @throws TypeError, RangeError for wrong options */
    constructor(options?: ThreadPoolExecutorOptions);
    /**
     * Starts work in a thread as soon as one is free, in the order of the calls.
     *
     * @param work - a self-contained function, `{ func, transfer }`, `{ module, name, transfer }`
     * @param args - its arguments, copied at once
     * @param options - `signal`: aborting it rejects with an AbortError; work that has not started is
     *   dropped
     * @throws TypeError for work that cannot be done in a thread; DataCloneError naming an argument
     *   that cannot be copied; RuntimeError after `shutdown`. The Promise is rejected with what the
     *   work throws, or with RuntimeError when its thread ends
     * @example const sum = await threads.submit((a: number, b: number) => a + b, [1, 2]);
     */
    submit<A extends unknown[], R>(work: Callable<A, R>, args?: readonly [...A], options?: SubmitOptions): Promise<Awaited<R>>;
    submit<R = any>(work: ModuleWork, args?: readonly unknown[], options?: SubmitOptions): Promise<R>;
    /**
     * Stops accepting work; `submit` throws from now on. May be called again, with other options.
     *
     * @param options - `wait` (default true): waits until all work is done and the threads have
     *   ended; `cancelPending` (default false): drops work that has not started, which is rejected
     *   with a CancelledError; `terminate` (default false): also terminates running work, which is
     *   rejected with RuntimeError
     */
    shutdown(options?: ShutdownOptions): Promise<void>;
    /** For `await using`: calls `shutdown()`. */
    [Symbol.asyncDispose](): Promise<void>;
    toString(): string;
}
