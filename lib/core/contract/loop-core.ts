/**
 * What the rooms of core know of each other, as types alone: a loop makes futures and tasks, which
 * need their loop in turn. Each is written against the interface of the other that stands here, and
 * the classes stand above one another: Future, Task, AbstractEventLoop.
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
  /** @internal Promises that have not settled and that a future of the loop waits for. */
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
  /** Tells the exception handler of an error that nobody awaits. */
  callExceptionHandler(context: { message: string; [key: string]: unknown }): void;

  /** @internal Puts something into the ready queue. */
  _enqueue(item: Runnable): void;
  /** @internal @throws RuntimeError once the loop is closed */
  _checkClosed(call?: string): void;
  /** @internal Writes a warning for people who develop. */
  _warn(message: string): void;
  /** @internal KeyboardInterrupt came up outside a turn. */
  _interrupt(error: unknown): void;
}
