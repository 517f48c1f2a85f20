/** Starting a coroutine on the running loop. */
import { runningLoop, runningLoopFor } from '../core/context/running.ts';
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import type { Task, TaskOptions } from '../core/task/task.ts';
import type { Coroutine } from '../core/support/types.ts';

/**
 * Starts a coroutine on the running loop; its first step runs in the next turn. The loop keeps a
 * reference to the task until it is done.
 *
 * @throws TypeError when `coroutine` is not a coroutine; RuntimeError when no loop is running
 * @example const task = createTask(function* () { yield* sleep(1); return 1; });
 */
export function createTask<T>(coroutine: Coroutine<T>, options?: TaskOptions): Task<T> {
  // The thrown error is enough; the Promise has most likely failed for the same reason, and nobody
  // would handle that.
  if (coroutine instanceof Promise && runningLoop() === null) coroutine.catch(() => {});
  return runningLoopFor<AbstractEventLoop>('createTask()').createTask(coroutine, options);
}
