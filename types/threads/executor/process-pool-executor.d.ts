import type { Callable, Executor, ModuleWork, ShutdownOptions, SubmitOptions } from './executor.ts';
/** Options of `ProcessPoolExecutor`. */
export interface ProcessPoolExecutorOptions {
    /** The maximum number of processes; by default one per processor. */
    maxWorkers?: number | undefined;
    /** The name of the executor in messages; `'processes'` by default. */
    name?: string | undefined;
}
/**
 * Does work in child processes, as `ThreadPoolExecutor` does in threads; modelled on Python's
 * `concurrent.futures.ProcessPoolExecutor`. A process starts when there is work for it. Work that
 * is cancelled while it runs is terminated by killing its process.
 *
 * The work is `{ module, name }`, a function of a module, or a self-contained function, which is
 * sent as its source text. Arguments and results are copied by `v8.serialize`; nothing can be
 * transferred. Shut it down when it is no longer needed: its processes keep this process alive.
 *
 * @example
 * await using processes = new ProcessPoolExecutor({ maxWorkers: 2 });
 * const pid = await getRunningLoop().runInExecutor(processes, () => process.pid);
 */
export declare class ProcessPoolExecutor implements Executor {
    #private;
    readonly maxWorkers: number;
    readonly name: string;
    /** @throws TypeError, RangeError for wrong options */
    constructor(options?: ProcessPoolExecutorOptions);
    /**
     * Starts work in a process as soon as one is free, in the order of the calls.
     *
     * @param work - a self-contained function, `{ func }`, `{ module, name }`
     * @param args - its arguments, copied at once
     * @param options - `signal`: aborting it rejects with an AbortError and ends the process
     * @throws TypeError for work that cannot be done in a process; DataCloneError naming an argument
     *   that cannot be copied; RuntimeError after `shutdown`. The Promise is rejected with what the
     *   work throws, or with RuntimeError when its process ends
     * @example const sum = await processes.submit((a: number, b: number) => a + b, [1, 2]);
     */
    submit<A extends unknown[], R>(work: Callable<A, R>, args?: readonly [...A], options?: SubmitOptions): Promise<Awaited<R>>;
    submit<R = any>(work: ModuleWork, args?: readonly unknown[], options?: SubmitOptions): Promise<R>;
    /**
     * Stops accepting work; `submit` throws from now on. May be called again, with other options.
     *
     * @param options - `wait` (default true): waits until all work is done and the processes have
     *   ended; `cancelPending` (default false): drops work that has not started, with a
     *   CancelledError; `terminate` (default false): also kills running work, which is rejected with
     *   RuntimeError
     */
    shutdown(options?: ShutdownOptions): Promise<void>;
    /** For `await using`: calls `shutdown()`. */
    [Symbol.asyncDispose](): Promise<void>;
    toString(): string;
}
