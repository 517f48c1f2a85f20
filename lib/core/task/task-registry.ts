/**
 * The tasks of a loop that are not done: a doubly linked list, so that a task enters and leaves at
 * the cost of a few stores. It also holds them, so no task is lost to the garbage collector.
 */
import type { AbstractEventLoop } from '../loop/abstract-event-loop.ts';
import { checkGivenLoop } from '../loop/given-loop.ts';
import { TASK_CREATE } from '../observe/channels.ts';
import { tellTaskCreated } from '../observe/observe.ts';
import { getRunningLoop, runningTask } from '../context/running.ts';
import type { Task } from './task.ts';

export function addTask(loop: AbstractEventLoop, task: Task<any>): void {
  const first = loop._firstTask;
  task._next = first;
  if (first !== null) first._previous = task;
  loop._firstTask = task;
  if (loop._observed || TASK_CREATE.hasSubscribers) tellTaskCreated(task);
}

export function removeTask(loop: AbstractEventLoop, task: Task<any>): void {
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
 * @throws RuntimeError when no loop is given and none is running; TypeError for what is no loop
 * @example for (const task of allTasks()) if (task !== currentTask()) task.cancel();
 */
export function allTasks(given?: AbstractEventLoop | null): Set<Task<any>> {
  const loop = given ?? getRunningLoop();
  checkGivenLoop('allTasks()', loop);
  const tasks: Task<any>[] = [];
  for (let task = loop._firstTask; task !== null; task = task._next) tasks.push(task);
  return new Set(tasks.reverse());
}

/**
 * The task that is running, or null in a plain callback.
 * @param loop - ask whether this loop's task runs; by default whichever loop runs
 * @throws RuntimeError when no loop is given and none is running
 * @example console.log(currentTask()?.getName());
 */
export function currentTask(loop?: AbstractEventLoop | null): Task<any> | null {
  if (loop !== undefined && loop !== null) checkGivenLoop('currentTask()', loop);
  const running = loop ?? getRunningLoop();
  const task = runningTask();
  return task !== null && task._loop === running ? task : null;
}
