import type { Frame } from '../../core/debug/frames.ts';
import { Future } from '../../core/future/future.ts';
/** A future or task, its stack, and the tasks that wait for it. */
export interface FutureCallGraph {
    readonly future: Future<any>;
    /** The stack, innermost frame first; empty for a future that is not a task. */
    readonly callStack: readonly Frame[];
    /**
     * The tasks that wait for it, in the order in which they began to wait. A task that would close a
     * cycle is left out.
     */
    readonly awaitedBy: readonly FutureCallGraph[];
}
/** Options of `captureCallGraph` and `formatCallGraph`. */
export interface CallGraphOptions {
    /**
     * How many frames to leave out at the inner end of the running task's stack; 1 (the default)
     * leaves out none but this package's own.
     */
    depth?: number | undefined;
    /**
     * How many frames of each stack to keep: a positive number keeps the outermost ones, a negative
     * one the innermost, 0 none. By default all.
     */
    limit?: number | null | undefined;
}
/**
 * The call graph of a future or task, as asyncio's `capture_call_graph`.
 *
 * @param future - by default the task that is running
 * @returns null when no future is given and no task is running
 * @throws RuntimeError when no future is given outside of a running loop; TypeError when `future`
 * is not a Future, or `depth` or `limit` is not an integer
 * @example
 * const graph = captureCallGraph(task);
 * graph.awaitedBy.map(({ future }) => future); // who waits for the task
 */
export declare function captureCallGraph(future: Future<any>, options?: CallGraphOptions): FutureCallGraph;
export declare function captureCallGraph(future?: Future<any> | null, options?: CallGraphOptions): FutureCallGraph | null;
