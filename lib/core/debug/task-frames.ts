/**
 * Where a suspended task is.
 *
 * JavaScript cannot say where a generator is suspended, and recording it at every wait would slow
 * down every wait. So a *probe* finds out: the generator is resumed by a plain `next()` while the
 * future that it waits for is in the state PROBED. `yield*` passes the call on through all
 * coroutines to that future, whose `next()` captures the stack, in which each of them has a frame,
 * and answers as it did the first time: AWAITING. So everything is suspended again as it was.
 *
 * That is safe because between the coroutine and the future there are only `yield*`: a bare `yield`
 * of a future is refused by the driver, so no task waits that way. (An iterator that is written by
 * hand and passes `next()` on sees one more call, and the future as pending.) Without a probe this
 * costs nothing: PROBED falls into the branch of `next()` that a pending or a fulfilled future
 * never takes. A future that is already done can be probed as well: its state is hidden.
 *
 * An async function cannot be probed. Debug mode captures the stack when it begins to wait, in
 * which newer versions of V8 show the functions that await each other; otherwise only the name of
 * the task's function is known.
 */
import { functionName } from '../support/describe.ts';
import {
  captureStack,
  coroutineCalls,
  coroutineFrames,
  errorFrames,
  userFrames,
} from './frames.ts';
import type { Frame } from './frames.ts';
import type { FutureCore } from '../contract/future-core.ts';
import { AWAITING, FAILED, PENDING, PROBED, RETRIEVED, takeProbe } from '../future/state.ts';
import { current, asyncTask } from '../context/running.ts';
import type { TaskCore } from '../contract/task-core.ts';

/** What debug mode records about a wait in the async lane. */
interface LaneWait {
  readonly future: FutureCore;
  readonly stack: string;
}

const laneWaits = new WeakMap<TaskCore, LaneWait>();
/** Names of the functions that made the generators of tasks, in debug mode. */
const names = new WeakMap<TaskCore, string>();

/** Debug mode: the task calls its function. */
export function noteBegin(task: TaskCore, start: unknown): void {
  names.set(task, functionName(start));
}

/** Debug mode: an async function begins to wait for a future. */
export function noteAsyncWait(task: TaskCore, future: FutureCore): void {
  laneWaits.set(task, { future, stack: captureStack(noteAsyncWait) });
}

function asyncFrames(task: TaskCore, waiting: FutureCore): Frame[] {
  const noted = laneWaits.get(task);
  if (noted === undefined || noted.future !== waiting) return [];
  const frames = userFrames(noted.stack);
  if (frames.length > 0) return frames;
  // Before Node 26 the stack ends here. But most futures are created by the call that is awaited.
  const made = waiting._madeBy(task);
  return made === undefined ? [] : coroutineFrames(made);
}

/**
 * Where a task is, innermost frame first: the frames in which it waits, or, for the running task,
 * those that are executing. A frame has no file when only the function's name is known. Empty when
 * nothing is known, or the task is done.
 *
 * @param limit - the maximum number of frames, counted from the innermost
 */
export function taskFrames(task: TaskCore, limit: number = Infinity): Frame[] {
  if (task._state !== PENDING || !(limit > 0)) return [];
  const frames = isRunning(task)
    ? coroutineFrames(captureStack(taskFrames))
    : suspendedFrames(task);
  // In an async function's first step V8 does not mark its frame; the last one is always the
  // task's.
  const last = frames.at(-1);
  if (last !== undefined && !last.async) frames[frames.length - 1] = { ...last, async: true };
  return frames.length > limit ? frames.slice(0, limit) : frames;
}

/** Whether the task is taking a step right now, in either lane. */
export function isRunning(task: TaskCore): boolean {
  if (current.task === task) return true;
  return current.loop === null && asyncTask() === task;
}

function suspendedFrames(task: TaskCore): Frame[] {
  const waiting = task._waiting;
  const coroutine = task._coroutine;
  const drives = coroutine !== null && typeof coroutine !== 'function';
  const frames =
    waiting === null
      ? []
      : drives
        ? coroutineFrames(probe(coroutine, waiting))
        : asyncFrames(task, waiting);
  if (frames.length > 0) return frames;
  const name = coroutineName(task);
  return name === '' ? [] : [{ functionName: name, file: '', line: 0, column: 0, async: true }];
}

/** The name of the task's function; empty when it is not known without a probe. */
export function coroutineName(task: TaskCore): string {
  const coroutine = task._coroutine;
  if (typeof coroutine === 'function') return functionName(coroutine);
  if (task._asyncFunction !== null) return functionName(task._asyncFunction);
  return names.get(task) ?? '';
}

/**
 * The functions of this package in which a suspended task waits, innermost first, up to the first
 * user function. A task that serves an HTTP request, for example, may have no user function.
 */
export function taskCalls(task: TaskCore): string[] {
  const waiting = task._waiting;
  const coroutine = task._coroutine;
  if (waiting === null || coroutine === null || typeof coroutine === 'function') return [];
  // The innermost is the future itself, in which the probe ends.
  return coroutineCalls(probe(coroutine, waiting)).slice(1);
}

/** The stack from a generator to the future that it waits for. */
function probe(coroutine: { next(): unknown }, future: FutureCore): string {
  const state = future._state;
  const awaiting = AWAITING.value;
  future._state = PROBED;
  try {
    coroutine.next();
  } catch {
    // It is already being resumed: by a debugger, or because two tasks have the same generator.
  } finally {
    if (future._state === PROBED) future._state = state;
    AWAITING.value = awaiting;
  }
  return takeProbe();
}

/** The frames of the error with which a task has failed, innermost first. */
export function failureFrames(task: TaskCore): Frame[] {
  const failed = task._state === FAILED || task._state === RETRIEVED;
  return failed ? errorFrames(task._value) : [];
}
