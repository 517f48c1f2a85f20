/**
 * How a cancel propagates from a task to what it waits for: a future, another task that waits in
 * turn, or a future that represents others (`gather`, `waitFor`).
 *
 * Such a chain can be longer than the stack allows, so it is walked with an explicit list instead
 * of recursive calls, in the order in which calls would be made. When tasks wait for each other,
 * the walk comes back to where it began: the last task of the cycle is then detached from its wait,
 * so that all of them end.
 */
import { current } from '../context/running.ts';
import { AsyncWaiter } from '../future/async-waiter.ts';
import type { Future } from '../future/future.ts';
import { PENDING } from '../future/state.ts';
import { listWaiters } from '../future/waiters.ts';
import type { Task } from './task.ts';

/** A cancel that has not reached the coroutine yet. */
export const THROW_CANCEL = 1;

/** A future that passes its cancel on to others. */
export interface Passing extends Future<any> {
  /** @internal Records the cancel, before any user code is called. */
  _beginCancel(reason: unknown): Passed;
}

/** A cancel that is being passed on. */
export interface Passed {
  /** The futures to cancel. */
  readonly to: readonly Future<any>[];
  /** None of them could be cancelled. */
  refused(): void;
}

/** Our own `cancel` methods, which only call this file; any override of them is called instead. */
const ours = new Set<(reason?: unknown) => boolean>();

/** Makes the walk handle objects of this class itself, without calling their `cancel`. */
export function walksCancel(type: { prototype: Future<any> }): void {
  ours.add(type.prototype.cancel);
}

/** A task or future that the walk has reached, and the futures to cancel behind it. */
class Place {
  readonly reason: unknown;
  readonly to: readonly Future<any>[];
  readonly task: Task<any> | null;
  readonly passed: Passed | null;
  /** Whether an outer walk is already at it: a user's `cancel` in between started this walk. */
  readonly again: boolean;
  at = 0;
  reached = false;

  constructor(
    reason: unknown,
    to: readonly Future<any>[],
    task: Task<any> | null,
    passed: Passed | null,
  ) {
    this.reason = reason;
    this.to = to;
    this.task = task;
    this.passed = passed;
    this.again = task !== null && task._extras!.passing;
    if (task !== null) task._extras!.passing = true;
  }

  /** The next future behind it was cancelled, or could not be. */
  hears(reached: boolean): void {
    if (!foundCycle || this.task === null) {
      this.reached ||= reached;
      return;
    }
    foundCycle = false;
    detach(this.task, this.to[this.at - 1]!);
  }

  /** All futures behind it were handled. @returns whether this one counts as cancelled */
  end(): boolean {
    if (this.task === null) {
      if (!this.reached) this.passed!.refused();
      return this.reached;
    }
    if (!this.reached) throwNext(this.task);
    this.leave();
    return true;
  }

  leave(): void {
    if (this.task === null || this.again) return;
    // Deferred walks may still lead back to it.
    if (deferred.length > 0) left.push(this.task);
    else this.task._extras!.passing = false;
  }
}

/**
 * Nothing behind the task could be cancelled, so the task itself throws at its next wait. An async
 * function that was woken earlier in this turn has its result, though V8 resumes it only after the
 * turn: if it then returns, the cancel came too late, as it would for a generator. Otherwise what
 * it was handed would be lost.
 */
function throwNext(task: Task<any>): void {
  task._throwing |= THROW_CANCEL;
  const extras = task._extras!;
  const woken = task._wokenIn === current.turn && current.loop === task._loop;
  if (woken && extras.tooLateIn !== current.turn) extras.requestsInTime = task._requests - 1;
  extras.tooLateIn = woken ? current.turn : -1;
}

/** The walk has come back to a task that it is already passing through. */
let foundCycle = false;
/** Depth of nested walks: a user's `cancel` may cancel the next task. */
let depth = 0;
const DEEPEST = 100;
/** Walks deferred for depth, and tasks that stay marked as `passing` until those are done. */
const deferred: Place[] = [];
const left: Task<any>[] = [];

/** Cancels a task. @returns false when it is done, or the walk is already passing through it */
export function cancelTask(task: Task<any>, reason: unknown): boolean {
  const place = comeToTask(task, reason);
  if (typeof place === 'boolean') return place;
  if (depth >= DEEPEST) deferred.push(place);
  else walk(place);
  return true;
}

/** Cancels the futures that a pending one represents. @returns whether any was cancelled */
export function cancelThrough(future: Passing, reason: unknown): boolean {
  return walk(comeToPassing(future, reason));
}

/** Cancels a future that the task waits for; if that is impossible, the task itself throws. */
export function cancelWait(task: Task<any>, future: Future<any>): void {
  walk(new Place(task._extras!.reason, [future], task, null));
}

function comeToTask(task: Task<any>, reason: unknown): Place | boolean {
  if (task._state !== PENDING) return false;
  if (task._extras?.passing === true) {
    foundCycle = true;
    return false;
  }
  task._noteRequest(reason);
  // A listener of `task.signal` may have ended the task.
  if (task._state !== PENDING) return true;
  const also = task._extras!.alsoWaiting;
  const waits = task._waiting === null ? [] : [task._waiting];
  return new Place(reason, also === null ? waits : [...waits, ...also], task, null);
}

function comeToPassing(future: Passing, reason: unknown): Place {
  const passed = future._beginCancel(reason);
  return new Place(reason, passed.to, null, passed);
}

function comeTo(future: Future<any>, reason: unknown): Place | boolean {
  if (future._state !== PENDING || !ours.has(future.cancel)) return future.cancel(reason);
  return '_beginCancel' in future
    ? comeToPassing(future as Passing, reason)
    : comeToTask(future as Task<any>, reason);
}

/** @returns whether the first place was cancelled */
function walk(first: Place): boolean {
  const way = [first];
  depth++;
  try {
    for (;;) {
      const place = way.at(-1)!;
      if (place.at < place.to.length) {
        const next = comeTo(place.to[place.at++]!, place.reason);
        if (typeof next === 'boolean') place.hears(next);
        else way.push(next);
        continue;
      }
      way.pop();
      const reached = place.end();
      if (way.length === 0) return reached;
      way.at(-1)!.hears(reached);
    }
  } finally {
    // Places are left over when a user's `cancel` threw.
    for (const place of way) place.leave();
    depth--;
    if (depth === 0 && deferred.length > 0) runDeferred();
  }
}

function runDeferred(): void {
  depth++;
  try {
    for (let at = 0; at < deferred.length; at++) walk(deferred[at]!);
  } finally {
    depth--;
    deferred.length = 0;
    for (const task of left) task._extras!.passing = false;
    left.length = 0;
  }
}

/** Wakes the task although its future is pending, since that future waits for the task. */
function detach(task: Task<any>, future: Future<any>): void {
  task._throwing |= THROW_CANCEL;
  for (const waiter of listWaiters(future._waiter)) {
    if (waiter !== task && !(waiter instanceof AsyncWaiter && waiter._isOf(task))) continue;
    future._removeWaiter(waiter);
    if (waiter === task) task._waiting = null;
    waiter._wake(future);
  }
}
