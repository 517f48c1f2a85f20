/**
 * The tasks of a loop that are not done: a doubly linked list, so that a task enters and leaves at
 * the cost of a few stores. It also holds them, so no task is lost to the garbage collector.
 */
import type { LoopCore } from '../contract/loop-core.ts';
import type { Task } from './task.ts';
/**
 * The tasks of a loop (by default the running one) that are not done, oldest first.
 *
 * @throws RuntimeError when no loop is given and none is running; TypeError for anything but a loop
 * @example for (const task of allTasks()) if (task !== currentTask()) task.cancel();
 */
export declare function allTasks(given?: LoopCore | null): Set<Task<any>>;
/**
 * The task that is running, or null in a plain callback.
 * @param loop - ask whether this loop's task runs; by default whichever loop runs
 * @throws RuntimeError when no loop is given and none is running
 * @example console.log(currentTask()?.getName());
 */
export declare function currentTask(loop?: LoopCore | null): Task<any> | null;
