import type { Channel } from 'node:diagnostics_channel';
import type { AbstractEventLoop } from '../abstract-event-loop.ts';
import type { ExceptionContext } from '../exceptions.ts';
import type { Task } from '../task.ts';
/** What `oxbow:loop:create`, `start`, `stop` and `close` are told. */
export interface LoopMessage {
    loop: AbstractEventLoop;
}
/** What `oxbow:task:create` and `oxbow:task:done` are told. */
export interface TaskMessage {
    task: Task<any>;
    loop: AbstractEventLoop;
}
/** What `oxbow:callback:slow` is told. */
export interface SlowCallbackMessage {
    loop: AbstractEventLoop;
    /** The handle, task or completion, in words. */
    callback: string;
    /** Seconds it took; the bound is `loop.slowCallbackDuration`. */
    duration: number;
}
/** What `oxbow:callback:error` is told: what the exception handler is called with. */
export interface CallbackErrorMessage {
    loop: AbstractEventLoop;
    context: ExceptionContext;
}
export declare const LOOP_CREATE: Channel;
export declare const LOOP_START: Channel;
export declare const LOOP_STOP: Channel;
export declare const LOOP_CLOSE: Channel;
export declare const TASK_CREATE: Channel;
export declare const TASK_DONE: Channel;
export declare const CALLBACK_SLOW: Channel;
export declare const CALLBACK_ERROR: Channel;
