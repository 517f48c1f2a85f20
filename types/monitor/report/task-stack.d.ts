import type { Frame } from '../../core/debug/frames.ts';
import type { TextSink } from './call-graph-text.ts';
/** Options of `task.getStack`. */
export interface StackOptions {
    /** The most frames to return: the newest of a stack, the oldest of an error. By default all. */
    limit?: number | null | undefined;
}
/** Options of `task.printStack`. */
export interface PrintStackOptions extends StackOptions {
    /** Where to write; by default stderr. */
    file?: TextSink | null | undefined;
}
declare module '../../core/task/task.ts' {
    interface Task<T> {
        /**
         * The stack of the task, oldest frame first: where it waits, or, if it has failed, where its
         * error was created. Empty when it has a result or was cancelled. Frames of this package are
         * left out. For an async function only its name is known, except in debug mode.
         *
         * @throws TypeError when the limit is not an integer
         * @example task.getStack().at(-1)?.line; // the line at which it waits
         */
        getStack(options?: StackOptions): Frame[];
        /**
         * Writes `getStack()` as text, followed by the error of a task that has failed.
         *
         * @throws TypeError when the limit is not an integer, or `file` has no `write()`
         */
        printStack(options?: PrintStackOptions): void;
    }
}
