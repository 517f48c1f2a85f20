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
  AbortError, BrokenBarrierError, CancelledError, ChannelClosed, DeadlockError,
  IncompleteReadError, InvalidStateError, KeyboardInterrupt, LimitOverrunError, QueueEmpty,
  QueueFull, QueueShutDown, RuntimeError, TimeoutError,
} from './core/errors.ts';
export { ExceptionGroup } from './core/exception-group.ts';
export type { ErrorClass, ErrorCondition } from './core/exception-group.ts';
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
export { AsCompleted, asCompleted } from './tasks/as-completed.ts';
export type { AsCompletedOptions } from './tasks/as-completed.ts';
export { CancelScope, failAfter, moveOnAfter } from './tasks/cancel-scope.ts';
export type { CancelScopeOptions } from './tasks/cancel-scope.ts';
export { createTask } from './tasks/create-task.ts';
export { createEagerTaskFactory, eagerTaskFactory } from './tasks/eager.ts';
export type { TaskConstructor } from './tasks/eager.ts';
export { gather } from './tasks/gather.ts';
export type { GatherOptions } from './tasks/gather.ts';
export { promise } from './tasks/promise.ts';
export { run, runSync } from './tasks/run.ts';
export { Runner } from './tasks/runner.ts';
export type { RunOptions } from './tasks/runner.ts';
export type { ScopeBody, ScopeRun } from './tasks/scope.ts';
export { shield } from './tasks/shield.ts';
export { sleep } from './tasks/sleep.ts';
export type { StartBody } from './tasks/starting.ts';
export { TaskGroup } from './tasks/task-group.ts';
export { Timeout, timeout, timeoutAt } from './tasks/timeout.ts';
export { ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION, wait } from './tasks/wait.ts';
export type { ReturnWhen, WaitOptions, WaitResult } from './tasks/wait.ts';
export { waitFor } from './tasks/wait-for.ts';
export * from './sync/index.ts';
export * from './net/index.ts';
