/**
 * Debug mode: tasks that swallow a CancelledError and go on as if nothing had happened.
 *
 * Waiting after a cancel is no sign of that: clean-up in a `finally` waits too. What gives it away
 * is *where*: a coroutine that unwinds does not come back to the very place, with the same callers,
 * at which it was cancelled. One that is there again has gone round its loop. Some do that on
 * purpose, to put the cancel off until something has come (a lock to clean up under, a shielded
 * future), and wait there just once more; so it takes two returns, but only one where nobody
 * would put anything off: for a time, for the next item, for the next bytes.
 *
 * A cancel that was taken back (`uncancel`: timeouts and task groups do it) does not count.
 */
import type { FutureCore } from '../contract/future-core.ts';
import { frameText } from './frames.ts';
import { taskFrames } from './task-frames.ts';
import type { TaskCore } from '../contract/task-core.ts';

/** Futures that nobody insists on, by the names of their classes. */
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
  /** What it waited for; null once it has gone on. */
  future: FutureCore | null;
  returns: number;
}

const watched = new WeakMap<TaskCore, Cancelled>();

/** A task is being cancelled. */
export function noteCancel(task: TaskCore): void {
  const future = task._waiting;
  const place = future === null ? '' : placeOf(task);
  if (place === '') return;
  // A second cancel at the place of the first says nothing new: the returns go on counting.
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

/** Whether the cancel has come out of what the task waited for: that may have swallowed it. */
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
