/**
 * The unfinished tasks of a loop: a doubly linked list, so that adding and removing a task costs a
 * few stores. It also keeps them alive, so no task is lost to the garbage collector.
 */
import type { LoopCore } from '../contract/loop-core.ts';
import { checkGivenLoop } from '../context/given-loop.ts';
import { TASK_CREATE } from '../observe/diagnostics-channels.ts';
import { tellTaskCreated } from '../observe/observe.ts';
import { givenOrRunning, runningTask } from '../context/running.ts';
import type { Task } from './task.ts';

/** Casts to Task, which the LoopCore interface does not know. */
function newestTask(loop: LoopCore): Task<any> | null {
  return loop._firstTask as Task<any> | null;
}

export function addTask(loop: LoopCore, task: Task<any>): void {
  const first = newestTask(loop);
  task._next = first;
  if (first !== null) first._previous = task;
  loop._firstTask = task;
  if (loop._observed || TASK_CREATE.hasSubscribers) tellTaskCreated(task);
}

export function removeTask(loop: LoopCore, task: Task<any>): void {
  const { _previous: previous, _next: next } = task;
  if (previous !== null) previous._next = next;
  else if (loop._firstTask === task) loop._firstTask = next;
  if (next !== null) next._previous = previous;
  task._previous = null;
  task._next = null;
}

/**
 * The unfinished tasks of a loop (by default the running one), oldest first.
 *
 * @throws RuntimeError when no loop is given and none is running; TypeError for anything but a loop
 * @example for (const task of allTasks()) if (task !== currentTask()) task.cancel();
 */
export function allTasks(given?: LoopCore | null): Set<Task<any>> {
  const loop = givenOrRunning(given);
  checkGivenLoop('allTasks()', loop);
  const tasks: Task<any>[] = [];
  for (let task = newestTask(loop); task !== null; task = task._next) tasks.push(task);
  return new Set(tasks.reverse());
}

/**
 * The running task, or null in a plain callback.
 * @param loop - only a task of this loop counts; by default that of the running loop
 * @throws RuntimeError when no loop is given and none is running
 * @example console.log(currentTask()?.getName());
 */
export function currentTask(loop?: LoopCore | null): Task<any> | null {
  if (loop !== undefined && loop !== null) checkGivenLoop('currentTask()', loop);
  const running = givenOrRunning(loop);
  const task = runningTask<Task<any>>();
  return task !== null && task._loop === running ? task : null;
}
