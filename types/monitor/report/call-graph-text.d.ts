import type { Future } from '../../core/future/future.ts';
import type { CallGraphOptions } from './call-graph.ts';
/** Where `printCallGraph` and `task.printStack` write to. */
export interface TextSink {
    write(text: string): unknown;
}
/** What `printCallGraph` takes. */
export interface PrintCallGraphOptions extends CallGraphOptions {
    /** By default stdout. */
    file?: TextSink | null | undefined;
}
/**
 * The call graph of a future or task (by default of the running task) as text; empty when there is
 * no task.
 *
 * @throws as `captureCallGraph`
 * @example console.log(formatCallGraph(task));
 */
export declare function formatCallGraph(future?: Future<any> | null, options?: CallGraphOptions): string;
/**
 * The same, written to a stream: `file`, by default stdout.
 *
 * @throws as `captureCallGraph`
 * @example printCallGraph(task, { file: process.stderr });
 */
export declare function printCallGraph(future?: Future<any> | null, options?: PrintCallGraphOptions): void;
