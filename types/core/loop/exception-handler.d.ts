/** The exception handler, for errors that nobody awaits, and its default. */
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import type { Future } from '../future/future.ts';
import type { Handle } from './handle.ts';
import type { Task } from '../task/task.ts';
/** What an exception handler is given; only `message` is always present. */
export interface ExceptionContext {
    message: string;
    exception?: unknown;
    future?: Future<any>;
    task?: Task<any>;
    handle?: Handle;
    protocol?: unknown;
    transport?: unknown;
    socket?: unknown;
    server?: unknown;
    /** Where the future or handle was created, in debug mode. */
    sourceTraceback?: string;
    [key: string]: unknown;
}
/** Handles an error that nobody awaits. @param loop - the loop on which it happened */
export type ExceptionHandler = (loop: AbstractEventLoop, context: ExceptionContext) => void;
