/**
 * Debug mode: tasks that swallow a CancelledError and carry on as if nothing had happened.
 *
 * Waiting after a cancel does not prove that: clean-up in a `finally` waits too. What proves it is
 * *where* the task waits: a coroutine that unwinds does not return to the very place, with the same
 * callers, at which it was cancelled. One that does has gone round its loop. Some code does that on
 * purpose, to defer the cancel until something has happened (a lock needed for clean-up, a shielded
 * future), and waits there just once more; so two returns are needed for a warning, but only one
 * for waits that nobody would defer a cancel for: a sleep, the next item, the next bytes.
 *
 * A cancel that was taken back (`uncancel`: timeouts and task groups do it) does not count.
 */
import type { FutureCore } from '../contract/future-core.ts';
import { frameText } from './frames.ts';
import { taskFrames } from './task-frames.ts';
import type { TaskCore } from '../contract/task-core.ts';

/** Class names of futures for which nobody would defer a cancel. */
const PASSING: ReadonlySet<string> = new Set([
  'Get',
  'NextStep',
  'NextTurn',
  'ReadRequest',
  'Receive',
  'Sleep',
  'Tick',
]);

interface Cancelled {
  readonly place: string;
  /** What it waited for; null once the task has continued. */
  future: FutureCore | null;
  returns: number;
}

const watched = new WeakMap<TaskCore, Cancelled>();

/** A task is being cancelled. */
export function noteCancel(task: TaskCore): void {
  const future = task._waiting;
  const place = future === null ? '' : placeOf(task);
  if (place === '') return;
  // A second cancel at the same place is no new case: keep counting the returns.
  if (watched.get(task)?.place === place) watched.get(task)!.future ??= future;
  else watched.set(task, { place, future, returns: 0 });
}

/** A task has taken a step, or begins to wait in the async lane. */
export function watchSwallow(task: TaskCore): void {
  const cancelled = watched.get(task);
  if (cancelled === undefined) return;
  if (task.done() || task._requests === 0 || !delivered(cancelled)) {
    watched.delete(task);
    return;
  }
  const waiting = task._waiting;
  if (waiting === null || waiting.cancelled() || placeOf(task) !== cancelled.place) return;
  cancelled.returns++;
  if (cancelled.returns < 2 && !PASSING.has(waiting.constructor.name)) return;
  watched.delete(task);
  task._loop._warn(
    `${task} was cancelled and goes on waiting at the same place: it swallowed a ` +
      'CancelledError; throw it on, or call uncancel() if that is meant',
  );
}

/** Whether the future that the task waited for was cancelled; it may have swallowed the cancel. */
function delivered(cancelled: Cancelled): boolean {
  const { future } = cancelled;
  cancelled.future = null;
  return future === null || future.cancelled();
}

/** Empty when it is not known. */
function placeOf(task: TaskCore): string {
  const frames = taskFrames(task);
  return frames.some(({ file }) => file === '') ? '' : frames.map(frameText).join('\n');
}
