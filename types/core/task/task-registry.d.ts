/**
 * The unfinished tasks of a loop: a doubly linked list, so that adding and removing a task costs a
 * few stores. It also keeps them alive, so no task is lost to the garbage collector.
 */
import type { LoopCore } from '../contract/loop-core.ts';
import type { Task } from './task.ts';
/**
 * The unfinished tasks of a loop (by default the running one), oldest first.
 *
 * @throws RuntimeError when no loop is given and none is running; TypeError for anything but a loop
 * @example for (const task of allTasks()) if (task !== currentTask()) task.cancel();
 */
export declare function allTasks(given?: LoopCore | null): Set<Task<any>>;
/**
 * The running task, or null in a plain callback.
 * @param loop - only a task of this loop counts; by default that of the running loop
 * @throws RuntimeError when no loop is given and none is running
 * @example console.log(currentTask()?.getName());
 */
export declare function currentTask(loop?: LoopCore | null): Task<any> | null;
