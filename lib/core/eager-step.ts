/** The first step of a task inside of whoever makes it. */
import { PENDING } from './future.ts';
import { current } from './running.ts';
import type { Task } from './task.ts';

export function runEagerly(eager: Task<any>): void {
  const { loop, task, values, entered } = current;
  const context = eager._rare?.context ?? null;
  // A scope's body has the context of its caller, who is in the middle of a step.
  const shared = context !== null && task?._rare?.context === context ? context : null;
  if (shared !== null) shared._values = values;
  // An async function that goes on between two turns runs in no dispatch.
  current.loop = eager._loop;
  current.entered = null;
  try {
    eager._run();
  } finally {
    current.loop = loop;
    current.task = task;
    current.values = shared === null ? values : shared._values;
    current.entered = entered;
  }
  if (eager._state !== PENDING) eager._coroutine = null;
}
