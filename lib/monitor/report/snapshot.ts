/**
 * A snapshot of the loops and tasks of a thread, taken in the thread itself: between two callbacks,
 * or, when a callback does not return, while the inspector pauses it there.
 */
import { AbstractEventLoop } from '../../core/loop/abstract-event-loop.ts';
import { coroutineKind } from '../../core/task/coroutine.ts';
import { EventLoop } from '../../core/loop/event-loop.ts';
import { liveLoops } from '../../core/loop/live-loops.ts';
import { readMetrics } from '../../core/observe/metrics.ts';
import type { LoopMetrics } from '../../core/observe/metrics.ts';
import { current } from '../../core/context/running.ts';
import { nextTaskNumber } from '../../core/task/task.ts';
import type { Task } from '../../core/task/task.ts';
import { coroutineName, taskCalls, taskFrames } from '../../core/debug/task-frames.ts';
import { taskName } from '../../core/debug/task-text.ts';
import { awaitersOf } from './call-graph.ts';
import { sharedClockMs } from '../clock.ts';
import { attempt, className } from '../names.ts';
import { TASKS_MAX } from '../server/protocol.ts';
import type { Frame, LoopInfo, TaskInfo, ThreadReport } from '../server/protocol.ts';
import type { Slowest } from './slowest.ts';
import { ANY_FUTURE, waitingOn } from './waiting-on.ts';

const NAME_MAX = 200;
const FRAMES_MAX = 16;
const AWAITERS_MAX = 64;

/**
 * How many tasks are described per second of the limit even if time is up, so that a slow machine
 * reports some.
 */
const TASKS_SURE = 1_000;
/** The fraction of the time limit after which stacks are left out, as they cost the most. */
const FRAMES_PART = 0.5;

/** What a snapshot should contain. */
export interface SnapshotOptions {
  readonly slowest: Slowest;
  /** Whether to list tasks. */
  readonly tasks: boolean;
  /**
   * Whether to include the stacks of tasks. That resumes their generators, which must not be done
   * while a function of this package is interrupted.
   */
  readonly frames: boolean;
  /** How long it may roughly hold up the thread, in seconds; what does not fit is left out. */
  readonly limit: number;
}

/** A snapshot in progress. */
interface Taking extends SnapshotOptions {
  readonly began: number;
  /** How many tasks were described so far. */
  count: number;
}

/** Whether less than this part of the time limit was used. */
function inTime({ began, count, limit }: Taking, part: number): boolean {
  return count < TASKS_SURE * limit || sharedClockMs() / 1000 - began < limit * part;
}

const ids = new WeakMap<Task<any>, number>();

/**
 * The number in the task's default name, or a new number that no other task has. It stays the same.
 */
function idOf(task: Task<any>): number {
  let id = ids.get(task);
  if (id === undefined) {
    id = typeof task._name === 'number' ? task._name : nextTaskNumber();
    ids.set(task, id);
  }
  return id;
}

/** Loops are numbered separately, so that the first is 1 however many tasks there were. */
const loopIds = new WeakMap<AbstractEventLoop, number>();
let lastLoopId = 0;

function loopId(loop: AbstractEventLoop): number {
  let id = loopIds.get(loop);
  if (id === undefined) {
    id = ++lastLoopId;
    loopIds.set(loop, id);
  }
  return id;
}

/** Describes every loop of this thread. Does not throw, whatever user code has done to them. */
export function takeSnapshot(options: SnapshotOptions): ThreadReport {
  const now = sharedClockMs() / 1000;
  const taking: Taking = { ...options, began: now, count: 0 };
  const loops = liveLoops().map((loop) => loopInfo(loop, taking));
  const slowest = options.slowest
    .list(now)
    .map(({ what, seconds, at }) => ({ what, seconds, secondsAgo: now - at }));
  return { loops, slowest };
}

function loopInfo(loop: AbstractEventLoop, taking: Taking): LoopInfo {
  const tasks: Task<any>[] = [];
  let taskCount = 0;
  for (let task = loop._firstTask; task !== null; task = task._next) taskCount++;
  if (taking.tasks) {
    // The list begins with the newest task. If there are too many, the oldest are kept: they
    // explain most about a program.
    let skip = Math.max(0, taskCount - (TASKS_MAX - taking.count));
    for (let task = loop._firstTask; task !== null; task = task._next) {
      if (skip > 0) skip--;
      else tasks.push(task);
    }
  }
  return {
    id: loopId(loop),
    driver: loop instanceof EventLoop ? attempt(() => loop.driver, '') : className(loop),
    running: attempt(() => loop.isRunning(), false),
    metrics: attempt(() => metricsOf(loop), null),
    taskCount,
    tasks: describeTasks(tasks.reverse(), taking),
  };
}

function describeTasks(tasks: readonly Task<any>[], taking: Taking): TaskInfo[] {
  const found: TaskInfo[] = [];
  for (const task of tasks) {
    if (!inTime(taking, 1)) break;
    found.push(taskInfo(task, taking.frames && inTime(taking, FRAMES_PART)));
    taking.count++;
  }
  return found;
}

function metricsOf(loop: AbstractEventLoop): LoopMetrics | null {
  return loop instanceof EventLoop ? readMetrics(loop) : null;
}

function taskInfo(task: Task<any>, withFrames: boolean): TaskInfo {
  // The stack of the running task would only show how this line was reached.
  const frames: readonly Frame[] =
    withFrames && current.task !== task
      ? attempt(() => taskFrames(task, FRAMES_MAX).map(plainFrame), [])
      : [];
  const calls = withFrames && current.task !== task ? attempt(() => taskCalls(task), []) : [];
  const created = attempt(
    () => task._source()?.split('\n')[0]?.trim().slice(0, NAME_MAX),
    undefined,
  );
  return {
    id: idOf(task),
    name: taskName(task).slice(0, NAME_MAX),
    state: stateOf(task),
    lane: laneOf(task),
    coroutine: nameOfCoroutine(task, frames, calls),
    frames,
    waitsFor: attempt(() => waitsFor(task, frames.length > 0 ? calls.at(-1) : calls[0]), ''),
    awaitedBy: attempt(() => awaitersOf(task).slice(0, AWAITERS_MAX).map(idOf), []),
    ...(created === undefined ? {} : { created }),
  };
}

function plainFrame(frame: Frame): Frame {
  const { functionName, file, line, column } = frame;
  return { functionName: functionName.slice(0, NAME_MAX), file, line, column };
}

function stateOf(task: Task<any>): string {
  if (current.task === task) return 'running';
  if (task._requests > 0) return 'cancelling';
  if (typeof task._coroutine === 'function') return 'new';
  // An async function that waits for none of this package's futures waits for a Promise.
  if (task._waiting === null) return task._coroutine === null ? 'waiting' : 'ready';
  return task._waiting.done() ? 'ready' : 'waiting';
}

function laneOf(task: Task<any>): string {
  const coroutine = task._coroutine;
  if (coroutine === null) return 'async';
  if (typeof coroutine !== 'function') return 'generator';
  return attempt(() => coroutineKind(coroutine, true), '') === 'generator' ? 'generator' : 'async';
}

/** @param call - the function of this package in which the task waits */
function waitsFor(task: Task<any>, call: string | undefined): string {
  const waiting = task._waiting;
  if (waiting !== null) {
    const text = waitingOn(waiting);
    return (text === ANY_FUTURE ? (call ?? text) : text).slice(0, NAME_MAX);
  }
  return task._coroutine === null && current.task !== task ? 'a Promise' : '';
}

/**
 * The name of the task's function, if it is known; otherwise that of the outermost user frame, or,
 * for a task of this package, of its outermost call.
 */
function nameOfCoroutine(
  task: Task<any>,
  frames: readonly Frame[],
  calls: readonly string[],
): string {
  const name = attempt(() => String(coroutineName(task)).slice(0, NAME_MAX), '');
  return name === '' ? (frames.at(-1)?.functionName ?? calls.at(-1) ?? '') : name;
}
