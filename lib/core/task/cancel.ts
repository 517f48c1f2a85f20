/**
 * How a cancel goes from a task to what it waits for: a future, another task that waits in turn, or
 * something that stands for others (`gather`, `waitFor`).
 *
 * Such a way can be longer than the stack is deep, so it is a list of its own and not a chain of
 * calls, and the cancel reaches everything on it in the order in which calls would. It
 * can come back to where it began, when tasks wait for each other: the last of the circle is then
 * taken off its wait, so that all of them end.
 */
import { current } from '../context/running.ts';
import { AsyncWaiter } from '../future/async-waiter.ts';
import type { Future } from '../future/future.ts';
import { PENDING } from '../future/state.ts';
import { listWaiters } from '../future/waiters.ts';
import type { Task } from './task.ts';

/** A cancel that has not reached the coroutine yet. */
export const THROW_CANCEL = 1;

/** A future whose cancel goes to others. */
export interface Passing extends Future<any> {
  /** @internal Notes that it is to be cancelled, before anything is called. */
  _beginCancel(reason: unknown): Passed;
}

/** A cancel on its way. */
export interface Passed {
  /** Those that it goes to. */
  readonly to: readonly Future<any>[];
  /** None of them could be cancelled. */
  refused(): void;
}

/** The `cancel` methods that do nothing but come here; one that overrides them is called. */
const ours = new Set<(reason?: unknown) => boolean>();

/** Lets a cancel go through objects of this class without a call of their `cancel`. */
export function walksCancel(type: { prototype: Future<any> }): void {
  ours.add(type.prototype.cancel);
}

/** One that a cancel has come to, on its way to those behind it. */
class Place {
  readonly reason: unknown;
  readonly to: readonly Future<any>[];
  readonly task: Task<any> | null;
  readonly passed: Passed | null;
  /** Whether it was on a way before: by a `cancel` of user code in between. */
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

  /** One of those behind it has been cancelled, or could not be. */
  hears(reached: boolean): void {
    if (!foundCycle || this.task === null) {
      this.reached ||= reached;
      return;
    }
    foundCycle = false;
    detach(this.task, this.to[this.at - 1]!);
  }

  /** All have been. @returns whether this one is cancelled by that */
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
    // What was put off may still lead back to it.
    if (deferred.length > 0) left.push(this.task);
    else this.task._extras!.passing = false;
  }
}

/**
 * The task throws by itself, at its next wait. An async function that was woken earlier in this
 * turn has what it waited for, though V8 lets it go on only after the turn: when it returns then,
 * the cancel came too late, as it would for a generator. What it was handed would be lost else.
 */
function throwNext(task: Task<any>): void {
  task._throwing |= THROW_CANCEL;
  const extras = task._extras!;
  const woken = task._wokenIn === current.turn && current.loop === task._loop;
  if (woken && extras.tooLateIn !== current.turn) extras.requestsInTime = task._requests - 1;
  extras.tooLateIn = woken ? current.turn : -1;
}

/** The cancel has come to a task that it comes from. */
let foundCycle = false;
/** Walks within each other: a `cancel` of user code calls that of the next. */
let depth = 0;
const DEEPEST = 100;
/** Those that were too deep, and those that must stay known as passed until they are done. */
const deferred: Place[] = [];
const left: Task<any>[] = [];

/** Cancels a task. @returns false when it is done, or the cancel comes from it */
export function cancelTask(task: Task<any>, reason: unknown): boolean {
  const place = comeToTask(task, reason);
  if (typeof place === 'boolean') return place;
  if (depth >= DEEPEST) deferred.push(place);
  else walk(place);
  return true;
}

/** Cancels those that a pending future stands for. @returns whether it reached any of them */
export function cancelThrough(future: Passing, reason: unknown): boolean {
  return walk(comeToPassing(future, reason));
}

/** Cancels a future that the task waits for; what cannot be, the task itself throws. */
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
  // A listener of its signal may have ended it.
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

/** @returns whether the first place is cancelled by it */
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
    // A `cancel` of user code has thrown.
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
