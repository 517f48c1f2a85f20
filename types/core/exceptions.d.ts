/** Where errors go that nobody awaits: the exception handler and its default. */
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import type { Future } from './future.ts';
import type { Handle } from './handle.ts';
import type { Task } from './task.ts';
/** What an exception handler is told; only `message` is always there. */
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
    /** Where the future or handle was made, in debug mode. */
    sourceTraceback?: string;
    [key: string]: unknown;
}
/** @param loop - the loop on which it happened */
export type ExceptionHandler = (loop: AbstractEventLoop, context: ExceptionContext) => void;
/** The text that the default handler writes. */
export declare function formatExceptionContext(context: ExceptionContext): string;
/** Writes to stderr; never throws, for nobody would be there to catch it. */
export declare function writeExceptionContext(context: ExceptionContext): void;
/**
 * Calls the user's handler in the context variables of whatever failed. What the handler throws is
 * reported too, and goes no further; only KeyboardInterrupt leaves.
 */
export declare function reportException(loop: AbstractEventLoop, handler: ExceptionHandler | null, context: ExceptionContext): void;
/** A task will never end: its loop was closed. */
export declare function reportDestroyed(task: Task<any>): void;
