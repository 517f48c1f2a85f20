/**
 * Threads for work that would hold up the loop. The threads are piscina's; what waits for one
 * stands here, so that it can be taken back.
 */
import type { ResourceLimits } from 'node:worker_threads';
import type { Duration } from '../../core/support/duration.ts';
import type { Callable, Executor, ModuleWork, ShutdownOptions, SubmitOptions } from './executor.ts';
/** How many threads there are, and how long they stay. */
export interface ThreadPoolExecutorOptions {
    /** How many threads there are at most; by default one a processor and 4, but not over 32. */
    maxWorkers?: number | undefined;
    /** How long a thread without work is kept, in seconds or as `'30s'`, the default. */
    idleTimeout?: Duration | undefined;
    /** For messages; `'threads'` by default. */
    name?: string | undefined;
    /**
     * Whether work that has begun is ended, with its thread, when nobody waits for it any more; false
     * by default: it goes on, as asyncio's does.
     */
    terminateOnCancel?: boolean | undefined;
    /** Limits of each thread's memory, as for `new Worker`. */
    resourceLimits?: ResourceLimits | undefined;
}
/**
 * Does work in threads (`node:worker_threads`). A thread starts when there is work for it and is
 * kept for the next; threads without work do not keep the process alive.
 *
 * What is done is `{ module, name }`, a function of a module, or a self-contained function, which
 * is sent as its source text. Arguments and results are copied, as `structuredClone` does.
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
    /** @throws RangeError, TypeError for options that it does not have */
    constructor(options?: ThreadPoolExecutorOptions);
    /**
     * Begins work in a thread, as soon as one is free, in the order of the calls.
     *
     * @param work - a self-contained function, `{ func, transfer }`, `{ module, name, transfer }`
     * @param args - its arguments, copied at once
     * @param options - `signal`: aborting it rejects with an AbortError; work that has not begun is
     *   dropped
     * @throws TypeError for what cannot be done in a thread; DataCloneError naming an argument that
     *   cannot travel; RuntimeError after `shutdown`
     * @example const sum = await threads.submit((a: number, b: number) => a + b, [1, 2]);
     */
    submit<A extends unknown[], R>(work: Callable<A, R>, args?: readonly [...A], options?: SubmitOptions): Promise<Awaited<R>>;
    submit<R = any>(work: ModuleWork, args?: readonly unknown[], options?: SubmitOptions): Promise<R>;
    /**
     * Takes no more work; `submit` throws from now on. It may be called again, with other options.
     *
     * @param options - `wait` (true): until all work is done and the threads have ended;
     *   `cancelPending` (false): drops work that has not begun, whose Promise is rejected with a
     *   CancelledError; `terminate` (false): ends also what runs, which is rejected with RuntimeError
     */
    shutdown(options?: ShutdownOptions): Promise<void>;
    /** `shutdown()` */
    [Symbol.asyncDispose](): Promise<void>;
    toString(): string;
}
