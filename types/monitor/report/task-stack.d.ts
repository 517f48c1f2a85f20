import type { Frame } from '../../core/debug/frames.ts';
import type { TextSink } from './call-graph-text.ts';
/** What `task.getStack` takes. */
export interface StackOptions {
    /** At most so many frames: the newest of a stack, the oldest of an error. By default all. */
    limit?: number | null | undefined;
}
/** What `task.printStack` takes. */
export interface PrintStackOptions extends StackOptions {
    /** By default stderr. */
    file?: TextSink | null | undefined;
}
declare module '../../core/task/task.ts' {
    interface Task<T> {
        /**
         * Where the task is, the oldest frame first: where it waits, or, when it has failed, where its
         * error was made; empty when it has a result or was cancelled. Frames of oxbow's are left out.
         * Of an async function only the name is known, unless in debug mode.
         *
         * @throws TypeError when the limit is no integer
         * @example task.getStack().at(-1)?.line; // the line at which it waits
         */
        getStack(options?: StackOptions): Frame[];
        /** Writes `getStack()` as text, with the error of a task that has failed. */
        printStack(options?: PrintStackOptions): void;
    }
}
