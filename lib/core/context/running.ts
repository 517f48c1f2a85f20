/**
 * What is running now: the loop, the task and the context variables.
 *
 * Inside a dispatch the answer is in `current`, one object that the dispatch and the tasks
 * write. Outside one (an `async` function that resumes in a microtask) it is carried by
 * AsyncLocalStorage, which is made when the first task of the async lane starts, so that programs
 * of the generator lane do not pay for it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

import type { LoopCore } from '../contract/loop-core.ts';
import { NoRunningLoop } from '../errors/errors.ts';
import type { TaskCore, Values } from '../contract/task-core.ts';

export type { Values };

/** The values of a context in which nothing has been set. */
export const NO_VALUES: Values = new Map();

/** A call that gets a task when it asks for one, or goes on after it has returned. */
export interface LateCall {
  readonly _loop: LoopCore;
  readonly _task: TaskCore | null;
  _need(): TaskCore;
}

interface Current {
  loop: LoopCore | null;
  task: TaskCore | null;
  /** A call under way without a task, which gets one when somebody asks for the running task. */
  call: LateCall | null;
  values: Values;
  /** The context of the innermost `Context.run` on the stack. */
  entered: object | null;
  /** Counts the dispatches of all loops; unchanged until the next dispatch begins. */
  turn: number;
}

/** The innermost dispatch of this thread. */
export const current: Current = {
  loop: null,
  task: null,
  call: null,
  values: NO_VALUES,
  entered: null,
  turn: 0,
};

let lane: AsyncLocalStorage<TaskCore | LateCall | undefined> | null = null;
/** The late call that has entered the lane, which is left at the end of the dispatch. */
let entered: LateCall | null = null;

/** Starts an async function so that everything it awaits can find its task. */
export function runAsyncTask<T>(task: TaskCore, body: () => T): T {
  lane ??= new AsyncLocalStorage();
  return lane.run(task, body);
}

/** The task whose async function is executing right now, if any. */
export function asyncTask(): TaskCore | undefined {
  const store = lane === null ? undefined : lane.getStore();
  return store !== undefined && '_need' in store ? (store._task ?? undefined) : store;
}

/** Everything that the call awaits from now on can find its task. Only inside a dispatch. */
export function enterLateCall(call: LateCall): void {
  lane ??= new AsyncLocalStorage();
  lane.enterWith(call);
  entered = call;
}

/** The call that `enterLateCall` entered in this dispatch. */
export function enteredLateCall(): LateCall | null {
  return entered;
}

/** What runs from now on is no part of a late call. */
export function leaveLateCall(): void {
  if (entered === null) return;
  entered = null;
  lane!.enterWith(undefined);
}

/** Calls `body` with the AsyncLocalStorage stores that were current when this was made. */
export type Restore = <T>(body: () => T) => T;

/**
 * Captures the user's current stores, but not our own store that identifies the running async
 * task: what is scheduled does not belong to that task.
 */
export function captureStores(): Restore {
  if (lane?.getStore() === undefined) return AsyncLocalStorage.snapshot();
  return lane.run(undefined, () => AsyncLocalStorage.snapshot());
}

/** The running task, in either lane. Callers that know its type name it: `runningTask<Task>()`. */
export function runningTask<T extends TaskCore = TaskCore>(): T | null {
  if (current.loop !== null) return (current.task ?? current.call?._need() ?? null) as T | null;
  const task = asyncTask();
  return task === undefined || task.done() ? null : (task as T);
}

/** The running loop, in either lane. As with tasks, callers that know its type name it. */
export function runningLoop<L extends LoopCore = LoopCore>(): L | null {
  if (current.loop !== null) return current.loop as L;
  const loop = lane?.getStore()?._loop;
  return loop === undefined || loop.isClosed() ? null : (loop as L);
}

/** The loop that `setEventLoop` set for this thread. */
let loopOfThread: LoopCore | null = null;

export function setLoopOfThread(loop: LoopCore | null): void {
  loopOfThread = loop;
}

/** The running loop, else the one of `setEventLoop`. */
export function presentLoop<L extends LoopCore = LoopCore>(): L | null {
  return runningLoop<L>() ?? (loopOfThread as L | null);
}

/**
 * The loop for a call that needs one and was given none: the running one, else that of
 * `setEventLoop`, so that a tutorial's `loop.runUntilComplete(gather(a(), b()))` works.
 *
 * @param call - the call's name for the message, such as `sleep()`
 * @throws RuntimeError that says what to write, when there is neither
 */
export function loopFor<L extends LoopCore = LoopCore>(call: string): L {
  const loop = presentLoop<L>();
  if (loop === null) throw noLoopFor(call, ', or set a loop with setEventLoop()');
  return loop;
}

/**
 * The same for a call that must be made inside a coroutine, as in asyncio.
 * @throws RuntimeError that says what to write, when no loop is running
 */
export function runningLoopFor<L extends LoopCore = LoopCore>(call: string): L {
  const loop = runningLoop<L>();
  if (loop === null) throw noLoopFor(call, '');
  return loop;
}

function noLoopFor(call: string, otherwise: string): NoRunningLoop {
  return new NoRunningLoop(
    `no running event loop: ${call} was called outside a coroutine; write ` +
      `it in one and give that function to run, run(main) and not run(main())${otherwise}`,
  );
}

/** The given loop, or else the running one. @throws RuntimeError when there is neither */
export function givenOrRunning<L extends LoopCore = LoopCore>(given?: L | null): L {
  const loop = given ?? runningLoop<L>();
  if (loop === null) throw new NoRunningLoop('no running event loop');
  return loop;
}

/** The context variables of the code that runs now. */
export function captureValues(): Values {
  if (current.loop !== null || lane === null) return current.values;
  const task = asyncTask();
  return task === undefined ? current.values : (task._extras?.context?._values ?? task._values);
}

/** Replaces the context variables of the code that runs now. */
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
