/**
 * What is published on the channels of `node:diagnostics_channel`
 * (observe/diagnostics-channels.ts).
 */
import type { Task } from '../task/task.ts';
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import type { ExceptionContext } from './exception-handler.ts';

/** What `oxbow:loop:create`, `start`, `stop` and `close` carry. */
export interface LoopMessage {
  loop: AbstractEventLoop;
}

/** What `oxbow:task:create` and `oxbow:task:done` carry. */
export interface TaskMessage {
  task: Task<any>;
  loop: AbstractEventLoop;
}

/** What `oxbow:callback:slow` carries. */
export interface SlowCallbackMessage {
  loop: AbstractEventLoop;
  /** The handle, task or completion, in words. */
  callback: string;
  /** Seconds it took; the bound is `loop.slowCallbackDuration`. */
  duration: number;
}

/** What `oxbow:callback:error` carries: what the exception handler is called with. */
export interface CallbackErrorMessage {
  loop: AbstractEventLoop;
  context: ExceptionContext;
}
