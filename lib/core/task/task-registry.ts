/**
 * The tasks of a loop that are not done: a doubly linked list, so that a task enters and leaves at
 * the cost of a few stores. It also holds them, so no task is lost to the garbage collector.
 */
import type { LoopCore } from '../contract/loop-core.ts';
import { checkGivenLoop } from '../context/given-loop.ts';
import { TASK_CREATE } from '../observe/diagnostics-channels.ts';
import { tellTaskCreated } from '../observe/observe.ts';
import { givenOrRunning, runningTask } from '../context/running.ts';
import type { Task } from './task.ts';

/** What the rooms below do not know: it is one of ours. */
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
 * The tasks of a loop (by default the running one) that are not done, oldest first.
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
 * The task that is running, or null in a plain callback.
 * @param loop - ask whether this loop's task runs; by default whichever loop runs
 * @throws RuntimeError when no loop is given and none is running
 * @example console.log(currentTask()?.getName());
 */
export function currentTask(loop?: LoopCore | null): Task<any> | null {
  if (loop !== undefined && loop !== null) checkGivenLoop('currentTask()', loop);
  const running = givenOrRunning(loop);
  const task = runningTask<Task<any>>();
  return task !== null && task._loop === running ? task : null;
}
