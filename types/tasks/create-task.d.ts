import type { Task, TaskOptions } from '../core/task/task.ts';
import type { Coroutine } from '../core/support/types.ts';
/**
 * Starts a coroutine on the running loop; its first step runs in the next turn. The loop keeps a
 * reference to the task until it is done.
 *
 * @throws TypeError when `coroutine` is not a coroutine; RuntimeError when no loop is running
 * @example const task = createTask(function* () { yield* sleep(1); return 1; });
 */
export declare function createTask<T>(coroutine: Coroutine<T>, options?: TaskOptions): Task<T>;
