/**
 * Observers of what a loop runs (a trace, a monitor, debug mode).
 *
 * The dispatch tests one flag for each entry of the ready queue. If it is set, the entry goes
 * through `runObserved`, which reads the clock around it; if not, observers cost nothing more.
 */
import type { Runnable } from '../../native/rings.ts';
import type { LoopCore } from '../contract/loop-core.ts';
import type { Observer } from '../contract/observer.ts';
import type { TaskCore } from '../contract/task-core.ts';
import { warnSlow } from '../debug/debug.ts';
import { callbackOf, checkEntry, describeEntry } from '../debug/debug-entry.ts';
import { CALLBACK_SLOW, TASK_CREATE, TASK_DONE } from './diagnostics-channels.ts';

/** Several observers as one, called in the order in which they were added. */
class Observers implements Observer {
  readonly all: readonly Observer[];

  constructor(all: readonly Observer[]) {
    this.all = all;
  }

  begin(item: Runnable, loop: LoopCore, startSeconds: number): void {
    for (const observer of this.all) observer.begin(item, loop, startSeconds);
  }

  end(item: Runnable, loop: LoopCore, startSeconds: number, endSeconds: number): void {
    for (const observer of this.all) observer.end(item, loop, startSeconds, endSeconds);
  }

  continuationBegins(item: Runnable, loop: LoopCore): void {
    for (const observer of this.all) observer.continuationBegins?.(item, loop);
  }

  continuationEnds(item: Runnable, loop: LoopCore, startSeconds: number, endSeconds: number): void {
    for (const observer of this.all) {
      observer.continuationEnds?.(item, loop, startSeconds, endSeconds);
    }
  }

  dispatchBegins(loop: LoopCore, ready: number): void {
    for (const observer of this.all) observer.dispatchBegins?.(loop, ready);
  }

  dispatchEnds(loop: LoopCore): void {
    for (const observer of this.all) observer.dispatchEnds?.(loop);
  }

  taskCreated(task: TaskCore): void {
    for (const observer of this.all) observer.taskCreated?.(task);
  }

  taskDone(task: TaskCore): void {
    for (const observer of this.all) observer.taskDone?.(task);
  }
}

function observersOf(loop: LoopCore): readonly Observer[] {
  const observer = loop._observer;
  if (observer === null) return [];
  return observer instanceof Observers ? observer.all : [observer];
}

function setObservers(loop: LoopCore, all: readonly Observer[]): void {
  // A list is never modified: a running entry ends with the observers that saw it begin.
  loop._observer = all.length > 1 ? new Observers(all) : (all[0] ?? null);
  loop._observed = loop._debug || all.length > 0;
}

/**
 * Adds an observer to the existing ones; it sees the entries that begin from now on.
 * @returns a function that removes it; a second call does nothing
 */
export function addObserver(loop: LoopCore, observer: Observer): () => void {
  setObservers(loop, [...observersOf(loop), observer]);
  return () =>
    setObservers(
      loop,
      observersOf(loop).filter((other) => other !== observer),
    );
}

/** Runs an entry of the ready queue for observers, and warns in debug mode when it took long. */
export function runObserved(loop: LoopCore, item: Runnable): void {
  const observer = loop._observer;
  const slow = loop._debug || CALLBACK_SLOW.hasSubscribers;
  // The flag was set for subscribers that are gone by now.
  if (!slow && observer === null) loop._observed = false;
  const callback = slow ? callbackOf(item) : null;
  const start = loop.time();
  let returned: unknown;
  observer?.begin(item, loop, start);
  try {
    returned = item._run();
  } finally {
    const end = loop.time();
    observer?.end(item, loop, start, end);
    if (slow && end - start >= loop.slowCallbackDuration) {
      tellSlow(loop, describeEntry(item, callback), end - start);
    }
    if (loop._debug) checkEntry(loop, item, returned);
  }
}

/** An `await` being settled: its continuation is a V8 microtask that follows one of ours. */
interface Continuing {
  readonly item: Runnable;
  readonly task: TaskCore | undefined;
}

/** Continuations in the current microtasks; and when the last began, or reached its next wait. */
let continuing: Continuing[] = [];
let continuedAt = 0;

/** An `await` is about to be settled. @param task - the task that awaits, if known */
export function continuationBegins(
  loop: LoopCore,
  item: Runnable,
  task: TaskCore | undefined,
): void {
  queueMicrotask(() => {
    if (loop.isClosed()) return;
    // A nextTick requested in a microtask runs after the last microtask.
    if (continuing.length === 0) process.nextTick(lastContinuationEnds, loop);
    else closeContinuation(loop, continuing.slice(-1));
    continuing.push({ item, task });
    continuedAt = loop.time();
    loop._observer?.continuationBegins?.(item, loop);
  });
}

/**
 * It has been settled. The time up to the function's next `await` is measured separately; time in
 * functions that wait for it in turn, or behind Promises that are already settled, is lumped
 * together with the last continuation.
 */
export function continuationEnds(loop: LoopCore): void {
  queueMicrotask(() => closeContinuation(loop, continuing.slice(-1)));
}

function lastContinuationEnds(loop: LoopCore): void {
  const all = continuing;
  continuing = [];
  closeContinuation(loop, all);
}

function closeContinuation(loop: LoopCore, of: readonly Continuing[]): void {
  const last = of.at(-1);
  if (last === undefined || loop.isClosed()) return;
  const start = continuedAt;
  const end = (continuedAt = loop.time());
  loop._observer?.continuationEnds?.(last.item, loop, start, end);
  const slow = loop._debug || CALLBACK_SLOW.hasSubscribers;
  if (!slow || end - start < loop.slowCallbackDuration) return;
  const texts = of.map(({ item, task }) => task?.toString() ?? describeEntry(item, null));
  const more = texts.length > 3 ? ` or ${texts.length - 3} more` : '';
  tellSlow(loop, `${[...new Set(texts)].slice(0, 3).join(' or ')}${more}`, end - start);
}

function tellSlow(loop: LoopCore, callback: string, duration: number): void {
  if (loop._debug) warnSlow(loop, callback, duration);
  if (CALLBACK_SLOW.hasSubscribers) CALLBACK_SLOW.publish({ loop, callback, duration });
}

/** Reports a new task to observers and subscribers. */
export function tellTaskCreated(task: TaskCore): void {
  const loop = task._loop;
  loop._observer?.taskCreated?.(task);
  if (TASK_CREATE.hasSubscribers) TASK_CREATE.publish({ task, loop });
}

/** Reports the end of a task. */
export function tellTaskDone(task: TaskCore): void {
  const loop = task._loop;
  loop._observer?.taskDone?.(task);
  if (TASK_DONE.hasSubscribers) TASK_DONE.publish({ task, loop });
}
