/** The first step of a task, run inside the code that creates it. */
import { PENDING } from '../future/state.ts';
import { current } from '../context/running.ts';
import type { Task } from './task.ts';

/**
 * How deep eager starts may nest. Each uses stack, and a stack overflow could leave anything half
 * done: for example a task that is never woken.
 */
const DEPTH_MAX = 200;

let depth = 0;

/** @returns false when starts are nested too deeply: the loop has to start this task instead */
export function runEagerly(eager: Task<any>): boolean {
  if (depth >= DEPTH_MAX) return false;
  const { loop, task, values, entered } = current;
  const context = eager._extras?.context ?? null;
  // A scope's body runs in the context of its caller, which is in the middle of a step.
  const shared = context !== null && task?._extras?.context === context ? context : null;
  if (shared !== null) shared._values = values;
  // An async function that resumes between two turns runs outside any dispatch.
  current.loop = eager._loop;
  current.entered = null;
  depth++;
  try {
    eager._run();
  } finally {
    depth--;
    current.loop = loop;
    current.task = task;
    current.values = shared === null ? values : shared._values;
    current.entered = entered;
  }
  if (eager._state !== PENDING) eager._coroutine = null;
  return true;
}
