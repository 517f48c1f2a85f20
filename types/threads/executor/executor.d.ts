/**
 * The interface of executors, which do work elsewhere so that the loop is not blocked: in threads
 * (`ThreadPoolExecutor`), in processes, or on other machines behind a queue.
 */
/** Options common to all kinds of work. */
export interface WorkOptions {
    /** Objects to transfer instead of copying them: ArrayBuffers, MessagePorts and so on. */
    readonly transfer?: readonly unknown[] | undefined;
    /** For `runInExecutor` and `toThread`: aborting it makes the future fail with an AbortError. */
    readonly signal?: AbortSignal | undefined;
}
/** A function of a module; the executor imports the module where the work is done. */
export interface ModuleWork extends WorkOptions {
    /** A `file:`, `node:` or `data:` URL (`new URL('./work.js', import.meta.url)`), or a path. */
    readonly module: URL | string;
    /** The name of the export; `default` by default. */
    readonly name?: string | undefined;
}
/** A self-contained function with options. */
export interface FunctionWork<A extends unknown[] = any[], R = unknown> extends WorkOptions {
    /**
     * Must use only its arguments and globals: variables of the surrounding code do not exist where
     * it runs.
     */
    readonly func: (...args: A) => R;
}
/** A function as work, with or without options. */
export type Callable<A extends unknown[] = any[], R = unknown> = ((...args: A) => R) | FunctionWork<A, R>;
/** The work for an executor. */
export type Work = Callable | ModuleWork;
/** Options of `submit`. */
export interface SubmitOptions {
    /** Aborts when the result is no longer needed. */
    signal?: AbortSignal | undefined;
}
/** Options of `shutdown`. */
export interface ShutdownOptions {
    /** Whether the returned Promise waits until all work is done; true by default. */
    wait?: boolean | undefined;
    /** Whether work that has not started is dropped; false by default: it is still done. */
    cancelPending?: boolean | undefined;
    /** Whether running work is terminated, if the executor can do that; false by default. */
    terminate?: boolean | undefined;
}
/**
 * Does work elsewhere. Any object with these two methods is an executor.
 *
 * @example
 * const executor: Executor = {
 *   async submit(work, args) { const job = await queue.add('job', { work, args }); … },
 *   async shutdown() { await queue.close(); },
 * };
 * yield* loop.runInExecutor(executor, { module: 'resize.js' }, 'cat.png');
 */
export interface Executor {
    /**
     * Starts work; returns a Promise of its result.
     * @param work - as it was given to `runInExecutor`; an executor may accept other values too
     */
    submit(work: any, args: readonly unknown[], options?: SubmitOptions): PromiseLike<unknown>;
    /** Stops accepting work. May be called again, with other options. */
    shutdown(options?: ShutdownOptions): PromiseLike<void> | void;
}
