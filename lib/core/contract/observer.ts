import type { Runnable } from '../../native/rings.ts';
import type { LoopCore } from './loop-core.ts';
import type { TaskCore } from './task-core.ts';

/**
 * Called for everything that a loop runs. Its methods are called inside the dispatch: they must
 * be short, must not throw, and must not run user code. Times are seconds on `loop.time()`.
 */
export interface Observer {
  /** An entry of the ready queue is about to run: a handle, a step of a task, a completion. */
  begin(item: Runnable, loop: LoopCore, startSeconds: number): void;
  /** The entry has run; an error it threw has already been handled. */
  end(item: Runnable, loop: LoopCore, startSeconds: number, endSeconds: number): void;
  /**
   * Something that the entry started continues in a microtask after the dispatch: an async function
   * resumes after its `await`.
   */
  continuationBegins?(item: Runnable, loop: LoopCore): void;
  continuationEnds?(item: Runnable, loop: LoopCore, startSeconds: number, endSeconds: number): void;
  /** A turn begins its dispatch, with `ready` entries to run. */
  dispatchBegins?(loop: LoopCore, ready: number): void;
  dispatchEnds?(loop: LoopCore): void;
  /** A task was made; it has not taken a step yet. */
  taskCreated?(task: TaskCore): void;
  /** A task is done. */
  taskDone?(task: TaskCore): void;
}
