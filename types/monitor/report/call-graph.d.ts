import type { Frame } from '../../core/debug/frames.ts';
import { Future } from '../../core/future/future.ts';
/** A future or task, where it is, and who waits for it. */
export interface FutureCallGraph {
    readonly future: Future<any>;
    /** Innermost first; none for a future that is not a task. */
    readonly callStack: readonly Frame[];
    /** In the order in which they began to wait. Where a cycle closes, it is left out. */
    readonly awaitedBy: readonly FutureCallGraph[];
}
/** What the functions of the call graph take. */
export interface CallGraphOptions {
    /** Frames to leave out at the inner end of the running task's stack: 1 (the caller's) is all. */
    depth?: number | undefined;
    /**
     * How many frames of each stack to keep: a positive number keeps the outermost ones, a negative
     * one the innermost, 0 none. By default all.
     */
    limit?: number | null | undefined;
}
/**
 * The call graph of the running task, or of any future or task, as asyncio's `capture_call_graph`.
 *
 * @param future - by default the task that is running
 * @returns null when none is given and no task is running
 * @throws RuntimeError when none is given outside a running loop; TypeError for anything but a
 * future
 * @example
 * const graph = captureCallGraph(task);
 * graph.awaitedBy.map(({ future }) => future); // who waits for the task
 */
export declare function captureCallGraph(future: Future<any>, options?: CallGraphOptions): FutureCallGraph;
export declare function captureCallGraph(future?: Future<any> | null, options?: CallGraphOptions): FutureCallGraph | null;
