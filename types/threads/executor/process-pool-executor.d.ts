import type { Callable, Executor, ModuleWork, ShutdownOptions, SubmitOptions } from './executor.ts';
/** How many processes there are. */
export interface ProcessPoolExecutorOptions {
    /** How many there are at most; by default one a processor. */
    maxWorkers?: number | undefined;
    /** For messages; `'processes'` by default. */
    name?: string | undefined;
}
/**
 * Does work in child processes: as `ThreadPoolExecutor` does it in threads, and as
 * `concurrent.futures.ProcessPoolExecutor` of Python. A process starts when there is work for it.
 * What is cancelled while it runs ends with its process, which is what a process is good for.
 *
 * What is done is `{ module, name }`, a function of a module, or a self-contained function, which
 * is sent as its source text. Arguments and results are copied, as `v8.serialize` writes them;
 * nothing is transferred. Shut it down when it is not needed any more: its processes keep this one
 * alive.
 *
 * @example
 * await using processes = new ProcessPoolExecutor({ maxWorkers: 2 });
 * const pid = await getRunningLoop().runInExecutor(processes, () => process.pid);
 */
export declare class ProcessPoolExecutor implements Executor {
    #private;
    readonly maxWorkers: number;
    readonly name: string;
    /** @throws RangeError, TypeError for options that it does not have */
    constructor(options?: ProcessPoolExecutorOptions);
    /**
     * Begins work in a process, as soon as one is free, in the order of the calls.
     *
     * @param work - a self-contained function, `{ func }`, `{ module, name }`
     * @param args - its arguments, copied at once
     * @param options - `signal`: aborting it rejects with an AbortError and ends the process
     * @throws TypeError for what cannot be done in a process; DataCloneError naming an argument that
     *   cannot travel; RuntimeError after `shutdown`
     * @example const sum = await processes.submit((a: number, b: number) => a + b, [1, 2]);
     */
    submit<A extends unknown[], R>(work: Callable<A, R>, args?: readonly [...A], options?: SubmitOptions): Promise<Awaited<R>>;
    submit<R = any>(work: ModuleWork, args?: readonly unknown[], options?: SubmitOptions): Promise<R>;
    /**
     * Takes no more work; `submit` throws from now on. It may be called again, with other options.
     *
     * @param options - `wait` (true): until all work is done and the processes have ended;
     *   `cancelPending` (false): drops work whose process has not begun it; `terminate` (false): ends
     *   also what runs, which is rejected with RuntimeError
     */
    shutdown(options?: ShutdownOptions): Promise<void>;
    /** `shutdown()` */
    [Symbol.asyncDispose](): Promise<void>;
    toString(): string;
}
