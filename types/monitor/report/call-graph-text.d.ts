import type { Future } from '../../core/future/future.ts';
import type { CallGraphOptions } from './call-graph.ts';
/** Where `printCallGraph` and `task.printStack` write to. */
export interface TextSink {
    write(text: string): unknown;
}
/** Options of `printCallGraph`. */
export interface PrintCallGraphOptions extends CallGraphOptions {
    /** Where to write; by default stdout. */
    file?: TextSink | null | undefined;
}
/**
 * The call graph of a future or task (by default the running task) as text; empty when no future is
 * given and no task is running.
 *
 * @throws as `captureCallGraph`
 * @example console.log(formatCallGraph(task));
 */
export declare function formatCallGraph(future?: Future<any> | null, options?: CallGraphOptions): string;
/**
 * Writes the same text and a newline to `options.file`, by default stdout; nothing when it is
 * empty.
 *
 * @throws as `captureCallGraph`; TypeError when `file` has no `write()`
 * @example printCallGraph(task, { file: process.stderr });
 */
export declare function printCallGraph(future?: Future<any> | null, options?: PrintCallGraphOptions): void;
