/** Where errors go that nobody awaits: the exception handler and its default. */
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import type { Future } from '../future/future.ts';
import type { Handle } from './handle.ts';
import type { Task } from '../task/task.ts';
/** What an exception handler gets; only `message` is always there. */
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
