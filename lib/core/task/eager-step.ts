/** The first step of a task, run inside the code that creates it. */
import { PENDING } from '../future/state.ts';
import { current } from '../context/running.ts';
import type { Task } from './task.ts';

/**
 * How deep eager starts go within each other. Each takes room on the stack, and where that ends,
 * nobody knows what was left half done: a task that nobody wakes, say.
 */
const DEPTH_MAX = 200;

let depth = 0;

/** @returns false when it was not done: too many are going on, the loop has to start this one */
export function runEagerly(eager: Task<any>): boolean {
  if (depth >= DEPTH_MAX) return false;
  const { loop, task, values, entered } = current;
  const context = eager._extras?.context ?? null;
  // A scope's body has the context of its caller, who is in the middle of a step.
  const shared = context !== null && task?._extras?.context === context ? context : null;
  if (shared !== null) shared._values = values;
  // An async function that goes on between two turns runs in no dispatch.
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
