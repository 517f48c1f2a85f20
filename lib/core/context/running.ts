/**
 * Who is running now: the loop, the task and the context variables.
 *
 * Inside a dispatch the answer stands in `current`, one object that the dispatch and the tasks
 * write. Outside one (an `async` function that goes on in a microtask) it is carried by
 * AsyncLocalStorage, which is made when the first task of the async lane starts, so that programs
 * of the generator lane do not pay for it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

import type { AbstractEventLoop } from '../loop/abstract-event-loop.ts';
import { NoRunningLoop } from '../errors/errors.ts';
import type { EventLoop } from '../loop/event-loop.ts';
import type { Task } from '../task/task.ts';

/** Context variables and their values; never changed, always replaced. */
export type Values = ReadonlyMap<object, unknown>;

/** What a context is before anything was set in it. */
export const NO_VALUES: Values = new Map();

interface Current {
  loop: AbstractEventLoop | null;
  task: Task<any> | null;
  values: Values;
  /** The context whose `run` is on the stack, the innermost. */
  entered: object | null;
  /** The number of the dispatch, of any loop; it stands until the next one begins. */
  turn: number;
}

/** The innermost dispatch of this thread. */
export const current: Current = {
  loop: null,
  task: null,
  values: NO_VALUES,
  entered: null,
  turn: 0,
};

let lane: AsyncLocalStorage<Task<any> | undefined> | null = null;

/** Runs the start of an async function so that everything it awaits knows its task. */
export function runAsyncTask<T>(task: Task<any>, body: () => T): T {
  lane ??= new AsyncLocalStorage();
  return lane.run(task, body);
}

/** The task whose async function is going on right now, if any. */
export function asyncTask(): Task<any> | undefined {
  return lane === null ? undefined : lane.getStore();
}

/** Calls `body` with the AsyncLocalStorage stores of the moment in which this was made. */
export type Restore = <T>(body: () => T) => T;

/**
 * The user's stores of whoever runs now. Which task of the async lane that is does not go with
 * them: what is scheduled is no part of that task.
 */
export function captureStores(): Restore {
  if (asyncTask() === undefined) return AsyncLocalStorage.snapshot();
  return lane!.run(undefined, () => AsyncLocalStorage.snapshot());
}

/** The running task, in either lane. */
export function runningTask(): Task<any> | null {
  if (current.loop !== null) return current.task;
  const task = asyncTask();
  return task === undefined || task.done() ? null : task;
}

/** The running loop, in either lane. */
export function runningLoop(): AbstractEventLoop | null {
  if (current.loop !== null) return current.loop;
  const loop = asyncTask()?._loop;
  return loop === undefined || loop.isClosed() ? null : loop;
}

/**
 * The loop whose callback or coroutine is running. Its type is the one that nearly all loops have;
 * who has made one of his own says so: `getRunningLoop<MyLoop>()`.
 *
 * @throws RuntimeError when there is none: in a plain Node callback, or at module level
 * @example getRunningLoop().callLater('1s', refresh);
 */
export function getRunningLoop<L extends AbstractEventLoop = EventLoop>(): L {
  const loop = runningLoop();
  if (loop === null) throw new NoRunningLoop('no running event loop');
  return loop as L;
}

/** What `setEventLoop` has set for the thread. */
let loopOfThread: AbstractEventLoop | null = null;

export function setLoopOfThread(loop: AbstractEventLoop | null): void {
  loopOfThread = loop;
}

/** The running loop, else the one of `setEventLoop`. */
export function presentLoop(): AbstractEventLoop | null {
  return runningLoop() ?? loopOfThread;
}

/**
 * The loop for a call that needs one and was given none: the running one, else that of
 * `setEventLoop`, so that a tutorial's `loop.runUntilComplete(gather(a(), b()))` works.
 *
 * @param call - for the message: `sleep()`
 * @throws RuntimeError that says what to write, when there is neither
 */
export function loopFor<L extends AbstractEventLoop = EventLoop>(call: string): L {
  const loop = presentLoop();
  if (loop === null) throw noLoopFor(call, ', or set a loop with setEventLoop()');
  return loop as L;
}

/**
 * The same for a call that must be made inside a coroutine, as in asyncio.
 * @throws RuntimeError that says what to write, when no loop is running
 */
export function runningLoopFor<L extends AbstractEventLoop = EventLoop>(call: string): L {
  const loop = runningLoop();
  if (loop === null) throw noLoopFor(call, '');
  return loop as L;
}

function noLoopFor(call: string, otherwise: string): NoRunningLoop {
  return new NoRunningLoop(
    `no running event loop: ${call} was called outside a coroutine; write ` +
      `it in one and give that function to run, run(main) and not run(main())${otherwise}`,
  );
}

/** The context variables of whoever runs now. */
export function captureValues(): Values {
  if (current.loop !== null || lane === null) return current.values;
  const task = lane.getStore();
  return task === undefined ? current.values : (task._extras?.context?._values ?? task._values);
}

/** Replaces the context variables of whoever runs now. */
export function replaceValues(values: Values): void {
  const task = current.loop === null ? asyncTask() : undefined;
  if (task === undefined) {
    current.values = values;
    return;
  }
  task._values = values;
  const context = task._extras?.context;
  if (context) context._values = values;
}
