import type { Runnable } from '../../native/rings.ts';
import type { LoopCore } from './loop-core.ts';
import type { TaskCore } from './task-core.ts';

/**
 * Is called for everything that a loop runs. Its methods are called inside the dispatch: they must
 * be short, must not throw, and must not run user code. Times are seconds on `loop.time()`.
 */
export interface Observer {
  /** An entry of the ready queue is about to run: a handle, a step of a task, a completion. */
  begin(item: Runnable, loop: LoopCore, startSeconds: number): void;
  /** It has run; what it threw has been dealt with. */
  end(item: Runnable, loop: LoopCore, startSeconds: number, endSeconds: number): void;
  /**
   * What an entry has set off goes on in a microtask after the dispatch: an async function behind
   * its `await`.
   */
  continuationBegins?(item: Runnable, loop: LoopCore): void;
  continuationEnds?(item: Runnable, loop: LoopCore, startSeconds: number, endSeconds: number): void;
  /** A turn has come to its dispatch, with so many entries to run. */
  dispatchBegins?(loop: LoopCore, ready: number): void;
  dispatchEnds?(loop: LoopCore): void;
  /** A task was made; it has not taken a step yet. */
  taskCreated?(task: TaskCore): void;
  /** A task has its result. */
  taskDone?(task: TaskCore): void;
}
