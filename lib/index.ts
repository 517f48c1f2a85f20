/** Oxbow: a native event loop for Node.js with asyncio's API. Table of contents. */
export { AbstractEventLoop } from './core/loop/abstract-event-loop.ts';
export type { TaskFactory } from './core/loop/abstract-event-loop.ts';
export { Context, ContextVar, copyContext, Token } from './core/context/context.ts';
export { isCoroutine } from './core/task/coroutine.ts';
export {
  getEventLoop,
  getRunningLoop,
  newEventLoop,
  setEventLoop,
  setEventLoopFactory,
} from './core/loop/current-loop.ts';
export type { EventLoopFactory } from './core/loop/current-loop.ts';
export type { Duration } from './core/support/duration.ts';
export { ensureFuture } from './core/loop/ensure-future.ts';
export type { SystemError } from './core/errors/errno.ts';
export {
  AbortError,
  BrokenBarrierError,
  CancelledError,
  ChannelClosed,
  DeadlockError,
  IncompleteReadError,
  InvalidStateError,
  KeyboardInterrupt,
  LaggedError,
  LimitOverrunError,
  NotImplementedError,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  RuntimeError,
  SendfileNotAvailableError,
  Terminated,
  TimeoutError,
} from './core/errors/errors.ts';
export { ExceptionGroup } from './core/errors/exception-group.ts';
export type { ErrorClass, ErrorCondition } from './core/errors/exception-group.ts';
export { EventLoop } from './core/loop/event-loop.ts';
export type {
  Callable,
  Executor,
  FunctionWork,
  ModuleWork,
  ShutdownOptions as ExecutorShutdownOptions,
  SubmitOptions,
  Work,
  WorkOptions,
} from './threads/executor/executor.ts';
export type { EventLoopOptions } from './core/loop/event-loop-options.ts';
export type { ExceptionContext, ExceptionHandler } from './core/loop/exception-handler.ts';
export type { Frame } from './core/debug/frames.ts';
export { Future, isFuture } from './core/future/future.ts';
export { histogramBounds } from './core/observe/histogram.ts';
export type { DurationHistogram } from './core/observe/histogram.ts';
export { metricsSince } from './core/observe/metrics.ts';
export type { LoopMetrics } from './core/observe/metrics.ts';
export { Handle, TimerHandle } from './core/loop/handle.ts';
export type { Callback } from './core/loop/handle.ts';
export { allTasks, currentTask } from './core/task/task-registry.ts';
export { isTask, Task } from './core/task/task.ts';
export type { TaskOptions } from './core/task/task.ts';
export type {
  Awaitable,
  AwaitableLike,
  Coro,
  CoroFunction,
  Coroutine,
  ResultOf,
  Yieldable,
} from './core/support/types.ts';

export type { SignalOptions } from './tasks/abort.ts';
export { AsCompleted, asCompleted } from './tasks/as-completed.ts';
export type { AsCompletedOptions, DoneIterator } from './tasks/as-completed.ts';
export { cancelAndWait } from './tasks/cancel-and-wait.ts';
export type { CancelAndWaitOptions } from './tasks/cancel-and-wait.ts';
export { CancelScope, failAfter, moveOnAfter } from './tasks/cancel-scope.ts';
export type { CancelScopeOptions } from './tasks/cancel-scope.ts';
export { checkCancellation } from './tasks/check-cancellation.ts';
export { createTask } from './tasks/create-task.ts';
export { createEagerTaskFactory, eagerTaskFactory } from './tasks/eager.ts';
export type { TaskConstructor } from './tasks/eager.ts';
export { forEach } from './tasks/for-each.ts';
export type { ForEachOptions } from './tasks/for-each.ts';
export { gather } from './tasks/gather.ts';
export type { GatherOptions } from './tasks/gather.ts';
export { promise } from './tasks/promise.ts';
export { retry, retryErrors } from './tasks/retry.ts';
export type { Attempt, Jitter, RetryOptions } from './tasks/retry.ts';
export { run, runSync } from './tasks/run.ts';
export { Runner } from './tasks/runner.ts';
export type { RunOptions } from './tasks/runner.ts';
export type { ScopeBody, ScopeRun } from './tasks/scope.ts';
export { shield } from './tasks/shield.ts';
export { sleep } from './tasks/sleep.ts';
export type { StartBody } from './tasks/group-start.ts';
export { TaskGroup } from './tasks/task-group.ts';
export type { GroupWait, TaskGroupOptions } from './tasks/task-group.ts';
export { Timeout, timeout, timeoutAt } from './tasks/timeout.ts';
export { ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION, wait } from './tasks/wait.ts';
export type { ReturnWhen, WaitOptions, WaitResult } from './tasks/wait.ts';
export { waitFor } from './tasks/wait-for.ts';
export * from './sync/index.ts';
export * from './net/index.ts';
export { TlsContext } from './tls/context.ts';
export type { Tls } from './tls/context.ts';
export type { TlsError } from './tls/errors.ts';
export type {
  Pem,
  Pfx,
  SniCertificates,
  SniFunction,
  SniTarget,
  TlsKey,
  TlsOptions,
  TlsVersion,
} from './tls/options.ts';
export * from './process/index.ts';
import './threads/executor/install-executor.ts';
export { AsyncFile } from './files/async-file.ts';
export type { Whence } from './files/async-file.ts';
export { openFile } from './files/open-file.ts';
export type { OpenFileOptions } from './files/open-file.ts';
export { ProcessPoolExecutor } from './threads/executor/process-pool-executor.ts';
export type { ProcessPoolExecutorOptions } from './threads/executor/process-pool-executor.ts';
export { ThreadPoolExecutor } from './threads/executor/thread-pool-executor.ts';
export type { ThreadPoolExecutorOptions } from './threads/executor/thread-pool-executor.ts';
export { toProcess } from './threads/executor/to-process.ts';
export { toThread } from './threads/executor/to-thread.ts';
export { shareLoop } from './threads/share/install-share.ts';
export type { LoopHandle, LoopHandleData } from './threads/share/loop-handle.ts';
export { connectLoop } from './threads/share/remote-loop.ts';
export type { CallResult, RemoteHandle, RemoteLoop } from './threads/share/remote-loop.ts';
export { connectQueue, RemoteQueue } from './threads/share/remote-queue.ts';
export { runCoroutineThreadsafe } from './threads/share/run-coroutine-threadsafe.ts';
export { shareQueue } from './threads/share/share-queue.ts';
export type { QueueHandle, QueueHandleData } from './threads/share/share-queue.ts';
export type { SharedFunctions } from './threads/share/share.ts';
export type { ThreadFuture } from './threads/share/thread-future.ts';
import './monitor/server/auto-start.ts';
export { captureCallGraph } from './monitor/report/call-graph.ts';
export type { CallGraphOptions, FutureCallGraph } from './monitor/report/call-graph.ts';
export { formatCallGraph, printCallGraph } from './monitor/report/call-graph-text.ts';
export type { PrintCallGraphOptions, TextSink } from './monitor/report/call-graph-text.ts';
export { startMonitor } from './monitor/server/start.ts';
export type { Monitor } from './monitor/server/start.ts';
import './monitor/report/task-stack.ts';
export type { PrintStackOptions, StackOptions } from './monitor/report/task-stack.ts';
import './monitor/trace/auto-trace.ts';
export { startTrace, Trace, TraceSummary } from './monitor/trace/trace.ts';
export type { TraceOptions } from './monitor/trace/trace.ts';
export type {
  CallbackErrorMessage,
  LoopMessage,
  SlowCallbackMessage,
  TaskMessage,
} from './core/loop/diagnostics-messages.ts';
