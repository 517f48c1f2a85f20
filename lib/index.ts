/** Oxbow: a native event loop for Node.js with asyncio's API. Contents page. */
export { AbstractEventLoop } from './core/abstract-event-loop.ts';
export type { TaskFactory } from './core/abstract-event-loop.ts';
export { Context, ContextVar, copyContext, Token } from './core/context.ts';
export { isCoroutine } from './core/coroutine.ts';
export {
  getEventLoop, newEventLoop, setEventLoop, setEventLoopFactory,
} from './core/current-loop.ts';
export type { EventLoopFactory } from './core/current-loop.ts';
export type { Duration } from './core/duration.ts';
export { ensureFuture } from './core/ensure-future.ts';
export type { SystemError } from './core/errno.ts';
export {
  AbortError, BrokenBarrierError, CancelledError, DeadlockError, ExceptionGroup,
  IncompleteReadError, InvalidStateError, KeyboardInterrupt, LimitOverrunError, QueueEmpty,
  QueueFull, QueueShutDown, RuntimeError, TimeoutError,
} from './core/errors.ts';
export { EventLoop } from './core/event-loop.ts';
export type { EventLoopOptions } from './core/event-loop.ts';
export type { ExceptionContext, ExceptionHandler } from './core/exceptions.ts';
export { Future, isFuture } from './core/future.ts';
export { Handle, TimerHandle } from './core/handle.ts';
export type { Callback } from './core/handle.ts';
export { getRunningLoop } from './core/running.ts';
export { allTasks, currentTask } from './core/task-registry.ts';
export { isTask, Task } from './core/task.ts';
export type { TaskOptions } from './core/task.ts';
export type {
  Awaitable, AwaitableLike, Coro, CoroFunction, Coroutine, ResultOf, Yieldable,
} from './core/types.ts';

export type { SignalOptions } from './tasks/abort.ts';
export { createTask } from './tasks/create-task.ts';
export { gather } from './tasks/gather.ts';
export type { GatherOptions } from './tasks/gather.ts';
export { promise } from './tasks/promise.ts';
export { run, runSync } from './tasks/run.ts';
export { Runner } from './tasks/runner.ts';
export type { RunOptions } from './tasks/runner.ts';
export type { ScopeBody, ScopeRun } from './tasks/scope.ts';
export { shield } from './tasks/shield.ts';
export { sleep } from './tasks/sleep.ts';
export { Timeout, timeout, timeoutAt } from './tasks/timeout.ts';
export { waitFor } from './tasks/wait-for.ts';
export * from './net/index.ts';
