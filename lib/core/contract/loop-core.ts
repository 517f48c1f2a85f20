/**
 * Interfaces that break the import circle between the rooms of core: a loop makes futures and
 * tasks, which need their loop in turn. Each is written against the other's interface in this room,
 * so the classes can be layered: Future, then Task, then AbstractEventLoop.
 */
import type { Runnable } from '../../native/rings.ts';
import type { Observer } from './observer.ts';
import type { TaskCore } from './task-core.ts';

/** What futures, tasks and the rooms below them need of a loop; every AbstractEventLoop is one. */
export interface LoopCore {
  /** @internal Whether it is in debug mode. */
  _debug: boolean;
  /** @internal */
  _observer: Observer | null;
  /** @internal Whether what it runs goes through `runObserved`: debug mode, or an observer. */
  _observed: boolean;
  /** @internal Whether the user's AsyncLocalStorage stores go with what is scheduled. */
  readonly _bindsStores: boolean;
  /** @internal The newest of its tasks that are not done; each knows the next. */
  _firstTask: TaskCore | null;
  /** @internal How many unsettled Promises the futures of this loop wait for. */
  _promises: number;
  /** @internal The options of most tasks and futures, made once: they need no check. */
  readonly _plain: object;
  /** @internal The same for tasks whose first step runs at once. */
  readonly _eager: object;
  /** Seconds that a callback may take before debug mode warns. */
  readonly slowCallbackDuration: number;

  /** Seconds on the loop's monotonic clock. */
  time(): number;
  /** Whether `close()` was called; nothing can be scheduled then. */
  isClosed(): boolean;
  /** Reports an error that nobody awaits to the exception handler. */
  callExceptionHandler(context: { message: string; [key: string]: unknown }): void;

  /** @internal Puts something into the ready queue. */
  _enqueue(item: Runnable): void;
  /** @internal @throws RuntimeError once the loop is closed */
  _checkClosed(call?: string): void;
  /** @internal Emits a warning meant for developers. */
  _warn(message: string): void;
  /** @internal A KeyboardInterrupt was raised outside a turn. */
  _interrupt(error: unknown): void;
}
