/**
 * Turns what loops do into trace events: turns and what runs in them are slices, the life of a task
 * is an asynchronous event, and an arrow (flow) leads from where a task was created to its first
 * step.
 */
import { basename } from 'node:path';

import type { LoopCore } from '../../core/contract/loop-core.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { functionName } from '../../core/support/describe.ts';
import { captureStack, userFrames } from '../../core/debug/frames.ts';
import { DONE, FAILED, RETRIEVED } from '../../core/future/future.ts';
import { readTimes } from '../../core/observe/metrics.ts';
import type { Observer } from '../../core/contract/observer.ts';
import { coroutineName } from '../../core/debug/task-frames.ts';
import { taskName } from '../../core/debug/task-text.ts';
import type { TaskCore } from '../../core/contract/task-core.ts';
import type { Runnable } from '../../native/rings.ts';
import { attempt, className } from '../names.ts';
import type { TraceEvents } from './trace-events.ts';

/** How many events are collected before they are written. */
export const CHUNK_EVENTS = 2048;

/** What the trace knows about a task. */
interface TaskTrack {
  readonly id: string;
  /** The task's name, with that of its function if known. */
  readonly name: string;
  /** The name of the slices of its steps. */
  readonly step: string;
  readonly where: string | undefined;
  /** Whether an arrow has begun where it was created, and not ended yet. */
  arrow: boolean;
}

interface LoopTrack {
  readonly thread: number;
  /** When the last dispatch ended, in nanoseconds, and the loop's counters at that time. */
  lastEndNs: number;
  running: number;
  polling: number;
}

/**
 * Properties that entries of the ready queue may have; also those of another copy of this package.
 */
interface Entry {
  readonly _callback?: unknown;
  readonly _when?: number;
  readonly getName?: () => string;
  readonly _awaiters?: () => Iterable<unknown>;
}

export class TraceObserver implements Observer {
  readonly #events: TraceEvents;
  readonly #thread: number;
  /** Called after each dispatch, and when many events were collected: the trace may write them. */
  readonly #dispatched: (loop: LoopCore) => void;
  readonly #tasks: WeakMap<TaskCore, TaskTrack> = new WeakMap();
  readonly #loops: WeakMap<LoopCore, LoopTrack> = new WeakMap();
  #loopCount = 0;
  #taskCount = 0;
  #timerLag: number | undefined;

  /** @param thread - the id of this thread in its process; 0 is the main thread */
  constructor(events: TraceEvents, thread: number, dispatched: (loop: LoopCore) => void) {
    this.#events = events;
    this.#thread = thread;
    this.#dispatched = dispatched;
  }

  /**
   * Each loop is shown as a thread of the trace: the first loop of a thread by the thread's id plus
   * one.
   */
  #track(loop: LoopCore): LoopTrack {
    let track = this.#loops.get(loop);
    if (track === undefined) {
      const count = this.#loopCount++;
      const own = this.#thread + 1;
      track = {
        thread: count === 0 ? own : own * 10_000 + count,
        lastEndNs: -1,
        running: 0,
        polling: 0,
      };
      this.#loops.set(loop, track);
      if (own === 1 && count === 0) this.#nameProcess(track.thread, nsOf(loop.time()));
      const where = this.#thread === 0 ? 'main' : `worker ${this.#thread}`;
      const { driver } = loop as Partial<EventLoop>;
      const name = `${where}, loop ${count + 1} (${driver ?? className(loop)})`;
      this.#events.add('M', track.thread, '__metadata', 'thread_name', nsOf(loop.time()), {
        args: { name },
      });
    }
    return track;
  }

  #nameProcess(thread: number, ns: number): void {
    const name = basename(process.argv[1] ?? 'node');
    this.#events.add('M', thread, '__metadata', 'process_name', ns, { args: { name } });
  }

  dispatchBegins(loop: LoopCore, ready: number): void {
    const track = this.#track(loop);
    const now = nsOf(loop.time());
    if ('metrics' in loop && track.lastEndNs >= 0) this.#between(loop as EventLoop, track, now);
    this.#events.begin(track.thread, 'loop', 'turn', now);
    this.#events.add('C', track.thread, 'loop', `ready (loop ${track.thread})`, now, {
      args: { entries: ready },
    });
  }

  /**
   * Adds what happened between two dispatches: how long the thread ran microtasks, and how long it
   * slept.
   */
  #between(loop: EventLoop, track: LoopTrack, now: number): void {
    const { timeRunning, timePolling } = readTimes(loop);
    const gap = now - track.lastEndNs;
    const running = Math.min(nsOf(timeRunning - track.running), gap);
    const polling = Math.min(nsOf(timePolling - track.polling), gap - running);
    this.#events.settle(track.thread, running);
    if (polling > 0) this.#events.slice(track.thread, 'loop', 'poll', now - polling, now);
  }

  dispatchEnds(loop: LoopCore): void {
    const track = this.#track(loop);
    const now = nsOf(loop.time());
    this.#events.end(now);
    if ('metrics' in loop) {
      const { timeRunning, timePolling } = readTimes(loop as EventLoop);
      track.lastEndNs = now;
      track.running = timeRunning;
      track.polling = timePolling;
      this.#events.reserve(track.thread, 'loop', 'microtasks', now);
    }
    this.#dispatched(loop);
  }

  begin(item: Runnable, loop: LoopCore, startSeconds: number): void {
    const { thread } = this.#track(loop);
    const start = nsOf(startSeconds);
    const entry = item as Entry;
    this.#timerLag = typeof entry._when === 'number' ? startSeconds - entry._when : undefined;
    if (!isTaskLike(item)) {
      const awaiter = awaiterOf(entry);
      // An async function continues in a microtask after the turn; this entry is what wakes it.
      const name = awaiter === undefined ? nameOf(item) : `wakes ${this.#task(awaiter).name}`;
      this.#events.begin(thread, 'callback', name, start);
      return;
    }
    const track = this.#task(item);
    this.#events.begin(thread, 'step', track.step, start);
    if (!track.arrow) return;
    track.arrow = false;
    this.#events.add('f', thread, 'task', 'starts', start, { id: track.id, binding: 'e' });
  }

  end(item: Runnable, loop: LoopCore, _start: number, endSeconds: number): void {
    this.#events.end(nsOf(endSeconds), isTaskLike(item) ? this.#stepArgs(item) : this.#lagArgs());
    this.#pause(loop);
  }

  /** A single turn, or callback, can produce more events than should be kept in memory. */
  #pause(loop: LoopCore): void {
    if (this.#events.count >= CHUNK_EVENTS) this.#dispatched(loop);
  }

  #lagArgs(): { lag_us: number } | undefined {
    if (this.#timerLag === undefined) return undefined;
    return { lag_us: Math.max(Math.round(this.#timerLag * 1e9) / 1000, 0) };
  }

  #stepArgs(task: TaskCore): Record<string, unknown> {
    const { where } = this.#task(task);
    const waits = task._waiting === null ? {} : { waits_for: className(task._waiting) };
    return { task: taskName(task), ...(where === undefined ? {} : { made_at: where }), ...waits };
  }

  taskCreated(task: TaskCore): void {
    this.#task(task, true);
    this.#pause(task._loop);
  }

  taskDone(task: TaskCore): void {
    const { id, name } = this.#task(task);
    const { thread } = this.#track(task._loop);
    this.#events.add('e', thread, 'task', name, nsOf(task._loop.time()), {
      id,
      args: { end: endOf(task) },
    });
  }

  /** The track of a task. For a task older than the trace, it begins when it is first seen. */
  #task(task: TaskCore, isNew = false): TaskTrack {
    let track = this.#tasks.get(task);
    if (track !== undefined) return track;
    const { thread } = this.#track(task._loop);
    const id = `${this.#thread}.${++this.#taskCount}`;
    const where = isNew ? whereNow(this.taskCreated) : undefined;
    const arrow = isNew && this.#events.inside;
    const coroutine = coroutineName(task);
    const known = coroutine !== '' && coroutine !== '<anonymous>';
    const step = known ? coroutine : taskName(task);
    const name = known ? `${coroutine} (${taskName(task)})` : step;
    track = { id, name, step, where, arrow };
    this.#tasks.set(task, track);
    const now = nsOf(task._loop.time());
    this.#events.add('b', thread, 'task', name, now, {
      id,
      args: where === undefined ? undefined : { made_at: where },
    });
    if (arrow) this.#events.add('s', thread, 'task', 'starts', now, { id });
    return track;
  }
}

function nsOf(seconds: number): number {
  return Math.round(seconds * 1e9);
}

function isTaskLike(item: Runnable): item is TaskCore & Runnable {
  return typeof (item as Entry).getName === 'function';
}

/** How the task has ended, read without marking its error as retrieved. */
function endOf(task: TaskCore): string {
  if (task._state === FAILED || task._state === RETRIEVED) return 'failed';
  return task._state === DONE ? 'done' : 'cancelled';
}

function nameOf(item: Runnable): string {
  const callback = (item as Entry)._callback;
  if (callback === null) return 'cancelled';
  if (typeof callback === 'function') return attempt(() => functionName(callback), '<anonymous>');
  return item.toString === Object.prototype.toString
    ? className(item)
    : attempt(() => String(item), className(item));
}

/** The task whose async function this entry wakes. */
function awaiterOf(entry: Entry): TaskCore | undefined {
  if (entry._awaiters === undefined || entry._callback !== undefined) return undefined;
  for (const awaiter of entry._awaiters()) {
    if (isTaskLike(awaiter as Runnable)) return awaiter as TaskCore;
  }
  return undefined;
}

/** The line of user code that is running. */
function whereNow(below: Function): string | undefined {
  const [frame] = userFrames(captureStack(below, 24));
  return frame === undefined ? undefined : `${frame.file}:${frame.line}`;
}
