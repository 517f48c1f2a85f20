/**
 * The messages published on the channels of `node:diagnostics_channel`
 * (observe/diagnostics-channels.ts).
 */
import type { Task } from '../task/task.ts';
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import type { ExceptionContext } from './exception-handler.ts';

/** The message of `oxbow:loop:create`, `start`, `stop` and `close`. */
export interface LoopMessage {
  loop: AbstractEventLoop;
}

/** The message of `oxbow:task:create` and `oxbow:task:done`. */
export interface TaskMessage {
  task: Task<any>;
  loop: AbstractEventLoop;
}

/** The message of `oxbow:callback:slow`. */
export interface SlowCallbackMessage {
  loop: AbstractEventLoop;
  /** A description of the handle, task or completion. */
  callback: string;
  /** Seconds it took, at least `loop.slowCallbackDuration`. */
  duration: number;
}

/** The message of `oxbow:callback:error`: the arguments of the exception handler. */
export interface CallbackErrorMessage {
  loop: AbstractEventLoop;
  context: ExceptionContext;
}
