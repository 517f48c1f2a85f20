/**
 * Whether a guest loop in simulated time is stuck: it has nothing to wait for, and nothing in Node
 * could still wake it.
 */
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import { allTasks } from '../task/task-registry.ts';

/** What keeps Node's loop alive, counted by kind. */
function resources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/**
 * Node cannot say what its timers, sockets and files will do when they are done. So resources that
 * existed before the loop, such as those of a test runner, are assumed to be unrelated to it, and
 * any beyond those to be related. A Promise that the loop waits for may be settled by anything.
 */
export class Surroundings {
  readonly #before = resources();
  #onExit: (() => void) | null = null;

  /** Whether the loop waits for a Promise, or Node has more resources active than before. */
  couldHelp(loop: AbstractEventLoop): boolean {
    if (loop._promises > 0) return true;
    // An `async` function that waits for none of our futures waits for a Promise.
    for (const task of allTasks(loop)) {
      if (task._asyncFunction !== null && task._waiting === null) return true;
    }
    for (const [kind, count] of resources()) if (count > (this.#before.get(kind) ?? 0)) return true;
    return false;
  }

  /** Calls `left` when Node has nothing left to do and the process would exit. */
  whenNodeIsDone(left: () => void): void {
    if (this.#onExit !== null) return;
    this.#onExit = left;
    process.on('beforeExit', left);
  }

  forget(): void {
    if (this.#onExit !== null) process.off('beforeExit', this.#onExit);
    this.#onExit = null;
  }
}
