/**
 * How a cancel goes from a task to what it waits for, which may be a task that waits in turn.
 *
 * Such a chain can be longer than the stack is deep, so beyond some depth a task is put by until
 * those above it have returned. And it can come back to where it began, when tasks wait for each
 * other: the last of the circle is then taken off its wait, so that all of them end.
 */
import type { Future } from '../future/future.ts';
import { AsyncWaiter } from '../future/async-waiter.ts';
import type { Task } from './task.ts';
import { listWaiters } from '../future/waiters.ts';

/** A cancel that has not reached the coroutine yet. */
export const THROW_CANCEL = 1;

/** Tasks within each other; what stands between two of them takes a few frames more. */
const DEEPEST = 100;

let depth = 0;
let goingOn = false;
/** The cancel has come to a task that it comes from. */
let foundCycle = false;
/** Those that were too deep, and those that must stay known as passed until they are done. */
const deferred: Task<any>[] = [];
const passed: Task<any>[] = [];

/** Whether the cancel that arrives at the task has come from it. */
export function comesBack(task: Task<any>): boolean {
  if (task._extras === null || !task._extras.passing) return false;
  foundCycle = true;
  return true;
}

/** Cancels everything that the task waits for; what cannot be, the task itself throws. */
export function passCancel(task: Task<any>): void {
  if (depth >= DEEPEST) {
    deferred.push(task);
    return;
  }
  const also = task._extras!.alsoWaiting;
  let reached = task._waiting !== null && cancelWait(task, task._waiting);
  if (also !== null) {
    for (const future of [...also]) reached = cancelWait(task, future) || reached;
  }
  if (!reached) task._throwing |= THROW_CANCEL;
  if (depth === 0 && deferred.length > 0 && !goingOn) runDeferred();
}

/** Cancels a future that the task waits for. @returns whether the task hears of it from there */
export function cancelWait(task: Task<any>, future: Future<any>): boolean {
  const rare = task._extras!;
  const outermost = !rare.passing;
  rare.passing = true;
  depth++;
  let reached: boolean;
  try {
    reached = future.cancel(rare.reason);
  } finally {
    depth--;
    if (deferred.length > 0) passed.push(task);
    else if (outermost) rare.passing = false;
  }
  if (!foundCycle) return reached;
  foundCycle = false;
  detach(task, future);
  return false;
}

function runDeferred(): void {
  goingOn = true;
  try {
    for (let at = 0; at < deferred.length; at++) passCancel(deferred[at]!);
  } finally {
    goingOn = false;
    deferred.length = 0;
    for (const task of passed) task._extras!.passing = false;
    passed.length = 0;
  }
}

/** Wakes the task although the future is pending: the future waits for the task. */
function detach(task: Task<any>, future: Future<any>): void {
  task._throwing |= THROW_CANCEL;
  for (const waiter of listWaiters(future._waiter)) {
    if (waiter !== task && !(waiter instanceof AsyncWaiter && waiter._isOf(task))) continue;
    future._removeWaiter(waiter);
    if (waiter === task) task._waiting = null;
    waiter._wake(future);
  }
}
