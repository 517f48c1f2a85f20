/**
 * Task: a coroutine that the loop drives. It is its own entry in the ready queue, so a step makes
 * no handle, and its own waiter, so awaiting a future makes no callback.
 *
 * The driver (`_run`) is the one place that resumes and suspends coroutines of the generator lane.
 * An `async` function drives itself; its task starts it, is notified of its end, and learns through
 * `then()` which futures it waits for, so that a cancel can reach them.
 */
import type { LoopCore } from '../contract/loop-core.ts';
import type { TaskCore } from '../contract/task-core.ts';
import { cancelTask, cancelWait, THROW_CANCEL, walksCancel } from './cancel.ts';
import { bindTaskStores } from '../context/async-stores.ts';
import { TASK_DONE } from '../observe/diagnostics-channels.ts';
import { listenToAbort } from '../support/abort-listeners.ts';
import {
  badYield,
  coroutineKind,
  fromResult,
  isForeignPromise,
  noResult,
  notACoroutine,
} from './coroutine.ts';
import { checkTaskOptions } from './check-task-options.ts';
import { Context } from '../context/context.ts';
import { checkResult } from '../debug/debug-entry.ts';
import { runEagerly } from './eager-step.ts';
import { CancelledError, isA, KeyboardInterrupt, RuntimeError } from '../errors/errors.ts';
import {
  AWAITING,
  CANCELLED,
  CANCELLED_WITH,
  DONE,
  Future,
  PENDING,
  takeAwaited,
} from '../future/future.ts';
import type { Waiter } from '../future/future.ts';
import { tellTaskDone } from '../observe/observe.ts';
import { captureValues, current, runAsyncTask, runningLoop } from '../context/running.ts';
import type { Values } from '../context/running.ts';
import { reportEnd } from './daemon.ts';
import { TaskExtras } from './task-extras.ts';
import { noteCancel } from '../debug/swallowed.ts';
import { noteBegin } from '../debug/task-frames.ts';
import { addTask, removeTask } from './task-registry.ts';
import { describeTask, taskName } from '../debug/task-text.ts';
import type { Coro, Coroutine, CoroFunction } from '../support/types.ts';

/** Options of `createTask` and `new Task`. */
export interface TaskOptions {
  /** The name shown in messages; by default `Task-N`. */
  name?: string | null | undefined;
  /** The context to run in, shared with its other users; by default a copy of the current one. */
  context?: Context | null | undefined;
  /** Runs the first step immediately if the loop is running. False by default. */
  eagerStart?: boolean | null | undefined;
  /** Aborting it cancels the task. */
  signal?: AbortSignal | null | undefined;
  /**
   * The task is a background task that nobody awaits: an error goes to the loop's exception handler
   * as soon as it is thrown. A `TaskGroup` does not wait for such a task, and cancels it when its
   * other tasks have ended; in a group its error counts as that of any child. False by default.
   */
  daemon?: boolean | null | undefined;
}

/** A flag beside THROW_CANCEL: throw the explanation of a wrong yield. */
const THROW_ERROR = 2;

let taskCount = 0;

/** The next number of the sequence for default task names, for other uses of unique numbers. */
export function nextTaskNumber(): number {
  return ++taskCount;
}

/**
 * A coroutine that the loop drives; awaiting the task gives the coroutine's result.
 *
 * @example
 * const task = new Task(function* () { yield* sleep(1); return 'done'; });
 * yield* task; // 'done'
 */
export class Task<T = unknown> extends Future<T> implements TaskCore, Waiter {
  /** @internal The generator; before the first step, also a function that makes one. */
  _coroutine: Coro<T> | CoroFunction<T> | null;
  /** @internal The function that it runs, unless it is a `function*`; used to locate the task. */
  _asyncFunction: CoroFunction<T> | null = null;
  /** @internal */ _waiting: Future<any> | null = null;
  /** @internal */ _values: Values;
  /** @internal */ _name: string | number;
  /** @internal */ _requests = 0;
  /** @internal What the next step throws: THROW_CANCEL, THROW_ERROR. */
  _throwing = 0;
  /** @internal Neighbours in the loop's list of tasks. */
  _previous: Task<any> | null = null;
  /** @internal */ _next: Task<any> | null = null;
  /** @internal */ _extras: TaskExtras | null = null;
  /** @internal The turn in which its async function was woken last. */
  _wokenIn = -1;

  /**
   * @param coroutine - a generator object, a `function*` or `async` function, or a Promise
   * @param options - as for `createTask`; `loop` is by default the running one
   * @throws TypeError when it is not a coroutine; RuntimeError when the loop is closed, or none is
   *   given, running or set
   */
  constructor(coroutine: Coroutine<T>, options?: (TaskOptions & { loop?: LoopCore }) | null) {
    super(options);
    const kind = coroutineKind(coroutine);
    if (kind === 'other') throw notACoroutine('createTask() got', coroutine);
    // Everything that may throw comes before the loop registers the task.
    this._loop._checkClosed('createTask');
    const { _plain, _eager } = this._loop;
    if (options && options !== _plain && options !== _eager) checkTaskOptions(options);
    const signal = options?.signal;
    const eager = options?.eagerStart === true;
    this._coroutine =
      kind === 'promise' ? fromResult<T>(coroutine) : (coroutine as Coro<T> | CoroFunction<T>);
    const name = options?.name ?? null;
    this._name = name ?? nextTaskNumber();
    const context = options?.context ?? null;
    this._values = context === null ? captureValues() : context._values;
    if (context !== null) this._makeExtras().context = context;
    if (this._loop._bindsStores) bindTaskStores(this);
    addTask(this._loop, this);
    this._firstStep(eager);
    if (signal) follow(this, signal);
    if (options?.daemon === true) reportEnd(this);
  }

  /** @internal Takes the first step now if wanted and possible, else in the next turn. */
  _firstStep(eager: boolean): void {
    const begun = eager && runningLoop() === this._loop && runEagerly(this);
    if (!begun) this._loop._enqueue(this);
  }

  /** The name given to `createTask` or `setName`; by default `Task-` and a number. */
  getName(): string {
    return typeof this._name === 'number' ? `Task-${this._name}` : this._name;
  }

  /** Sets the name that is shown in messages and traces. */
  setName(name: string): void {
    this._name = String(name);
  }

  /**
   * The coroutine it drives: a generator, or the function that has not been called yet. Null for a
   * running `async` function, and for a task that was done in its eager first step.
   */
  getCoro(): Coroutine<T> | null {
    return this._coroutine;
  }

  /** The context that its steps run in. A variable set there is visible from its next step on. */
  getContext(): Context {
    const rare = this._makeExtras();
    return (rare.context ??= new Context(current.task === this ? current.values : this._values));
  }

  /**
   * Asks the task to end: a CancelledError is thrown where it waits. The coroutine may clean up,
   * and it may refuse; once it is done, `cancelled()` tells whether it was cancelled.
   *
   * @param reason - becomes the `reason` of the CancelledError
   * @returns false when the task was already done, else true, even if it was cancelled before
   */
  override cancel(reason?: unknown): boolean {
    return cancelTask(this, reason);
  }

  /** @internal Records a cancel request; the caller cancels what the task waits for. */
  _noteRequest(reason: unknown): void {
    if (this._loop._debug) noteCancel(this);
    this._requests++;
    const extras = this._makeExtras();
    extras.reason = reason;
    extras.abort?.abort(new CancelledError(reason));
  }

  /** The number of cancel requests minus the number of `uncancel()` calls. */
  cancelling(): number {
    return this._requests;
  }

  /**
   * Takes one cancel request back. When none is left, a cancel that was not delivered yet is
   * undone.
   * @returns the number of requests left
   */
  uncancel(): number {
    if (this._requests > 0 && --this._requests === 0) this._throwing &= ~THROW_CANCEL;
    return this._requests;
  }

  /**
   * Aborts when the task is cancelled, with the CancelledError as its reason. Pass it to foreign
   * calls: `fetch(url, { signal: task.signal })`. `uncancel` cannot undo that.
   */
  get signal(): AbortSignal {
    const rare = this._makeExtras();
    if (rare.abort === null) {
      rare.abort = new AbortController();
      if (this._requests > 0) rare.abort.abort(new CancelledError(rare.reason));
    }
    return rare.abort.signal;
  }

  override setResult(_value: T): never {
    throw new RuntimeError('Task does not support setResult operation');
  }

  override setException(_exception: unknown): never {
    throw new RuntimeError('Task does not support setException operation');
  }

  /** @internal */
  _makeExtras(): TaskExtras {
    return (this._extras ??= new TaskExtras());
  }

  /** @internal */
  _text(): string {
    return `wakes ${taskName(this)}`;
  }

  /** @internal The future that it waits for is done. */
  _wake(): void {
    this._loop._enqueue(this);
  }

  /** @internal Runs one step. */
  _run(): void {
    if (this._state !== PENDING) return;
    const waited = this._waiting;
    this._waiting = null;
    current.task = this;
    const rare = this._extras;
    const values = rare === null || rare.context === null ? this._values : rare.context._values;
    if (current.values !== values) current.values = values;
    const coroutine = this._coroutine;
    let result: IteratorResult<unknown, T> | undefined;
    try {
      if (typeof coroutine === 'function') result = this._begin(coroutine);
      else if (this._throwing !== 0) result = this._throwInto(coroutine!, waited);
      else result = coroutine!.next();
    } catch (error) {
      this._leave();
      this._ended(error);
      return;
    }
    this._leave();
    if (result === AWAITING) this._await(takeAwaited<Future<any>>());
    else if (result !== undefined || this._coroutine !== null) this._go(result!);
  }

  /** @internal Stores the context variables as the step left them. */
  _leave(): void {
    const { values } = current;
    const rare = this._extras;
    // Storing a pointer costs more than this comparison, which nearly always avoids it.
    if (values !== this._values) this._values = values;
    if (rare !== null && rare.context !== null) rare.context._values = values;
    current.task = null;
  }

  /** @internal */
  _throwInto(coroutine: Coro<T>, waited: Future<any> | null): IteratorResult<unknown, T> {
    const { reason } = this._makeExtras();
    let error = this._extras!.error;
    if ((this._throwing & THROW_CANCEL) !== 0 && !isA(error, CancelledError)) {
      // An earlier cancel that has already been passed on is delivered with its own reason.
      error = waited?.cancelled() ? waited._takeError() : new CancelledError(reason);
    }
    this._throwing = 0;
    this._extras!.error = undefined;
    return coroutine.throw(error);
  }

  /** @internal Waits for a future; a cancel that came during the step is passed on to it. */
  _await(future: Future<any>): void {
    if (future._loop !== this._loop || future === (this as Future<any>)) {
      this._refuse(future);
      return;
    }
    future._addWaiter(this);
    this._waiting = future;
    if (this._throwing !== 0) this._passOn(future);
  }

  /** @internal Cancels the future with a cancel that has not been thrown yet, if possible. */
  _passOn(future: Future<any>): void {
    if ((this._throwing & THROW_CANCEL) === 0) return;
    this._throwing &= ~THROW_CANCEL;
    cancelWait(this, future);
  }

  /** @internal Handles every end of a step except the usual wait. */
  _go(result: IteratorResult<unknown, T>): void {
    let done: boolean | undefined;
    let value: any;
    try {
      if (typeof result !== 'object' || result === null) throw noResult(this, result);
      ({ done, value } = result);
    } catch (error) {
      // A hand-written generator may return anything, even an object whose getters throw.
      this._ended(error);
      return;
    }
    if (done === true) this._finish(value);
    else if (value === undefined || value === null) this._loop._enqueue(this);
    else this._refuse(value);
  }

  /** @internal Makes its next step throw `error`. */
  _throwNext(error: unknown): void {
    this._makeExtras().error = error;
    this._throwing |= THROW_ERROR;
  }

  /** @internal Throws an explanation of a wrong yield at the place of the yield. */
  _refuse(value: unknown): void {
    try {
      this._makeExtras().error = badYield(this, value);
    } catch (error) {
      // A Proxy whose traps throw cannot be described.
      this._makeExtras().error = error;
    }
    this._throwing |= THROW_ERROR;
    this._loop._enqueue(this);
  }

  /** @internal The first step of a function: called only now, so never in a cancelled task. */
  _begin(start: CoroFunction<T>): IteratorResult<unknown, T> | undefined {
    this._coroutine = null;
    if (this._throwing !== 0) throw this._takeCancel();
    const isAsync = coroutineKind(start, true) !== 'generator';
    if (this._loop._debug) noteBegin(this, start);
    const made: unknown = isAsync ? runAsyncTask(this, start) : start();
    if (isAsync) this._asyncFunction = start;
    if (isAsync && isForeignPromise(made)) {
      made.then(
        (value) => this._asyncEnded(value as T),
        (error) => this._asyncFailed(error),
      );
      return undefined;
    }
    const coroutine = fromResult<T>(made);
    if (coroutine === null) {
      this._gave(made);
      return undefined;
    }
    this._coroutine = coroutine;
    return this._throwing === 0 ? coroutine.next() : this._throwInto(coroutine, null);
  }

  /** @internal Its function returned something that is not a coroutine. */
  _gave(made: unknown): void {
    throw notACoroutine('the function of the task returned', made);
  }

  /** @internal */
  _takeCancel(): CancelledError {
    this._throwing &= ~THROW_CANCEL;
    return new CancelledError(this._extras!.reason);
  }

  /** @internal */
  _finish(value: T): void {
    const cancelled = (this._throwing & THROW_CANCEL) !== 0;
    if (this._loop._debug && !cancelled) checkResult(this, value);
    this._release();
    if (cancelled) this._settle(CANCELLED, this._extras!.reason);
    else this._settle(DONE, value);
  }

  /** @internal */
  _ended(error: unknown): void {
    this._release();
    if (isA(error, CancelledError)) {
      this._settle(CANCELLED_WITH, error);
      return;
    }
    this._fail(
      error ||
        new RuntimeError(`the coroutine threw ${String(error)}, which is no error`, {
          cause: error,
        }),
    );
    if (isA(error, KeyboardInterrupt)) throw error;
  }

  /** @internal */
  override _settle(state: number, value: unknown): void {
    super._settle(state, value);
    if (this._loop._observed || TASK_DONE.hasSubscribers) tellTaskDone(this);
  }

  /** @internal */
  _release(): void {
    removeTask(this._loop, this);
    this._waiting = null;
    if (this._extras !== null) {
      this._extras.alsoWaiting = null;
      this._extras.insteadOf = null;
    }
  }

  /** @internal The async function has returned. */
  _asyncEnded(value: T): void {
    if (this._state !== PENDING) return;
    if (this._extras !== null && this._extras.tooLateIn === current.turn) {
      this._throwing &= ~THROW_CANCEL;
      this._requests = this._extras.requestsInTime;
    }
    this._finish(value);
  }

  /** @internal The async function has thrown. */
  _asyncFailed(error: unknown): void {
    if (this._state !== PENDING) return;
    try {
      this._ended(error);
    } catch (interrupt) {
      this._loop._interrupt(interrupt);
    }
  }

  /** @internal Its async function waits for a future. */
  _asyncWaits(future: Future<any>): void {
    if (this._state !== PENDING) return;
    if (this._waiting === null) this._waiting = future;
    else if (this._waiting !== future) {
      (this._makeExtras().alsoWaiting ??= new Set()).add(future);
    }
    if (this._throwing !== 0) this._passOn(future);
  }

  /** @internal The future is done. @returns the error to throw if a cancel came after that */
  _asyncWoken(future: Future<any>): CancelledError | undefined {
    if (this._waiting === future) this._waiting = null;
    else this._extras?.alsoWaiting?.delete(future);
    this._wokenIn = current.turn;
    if (this._throwing === 0 || this._state !== PENDING) return undefined;
    if (future.cancelled()) {
      this._throwing &= ~THROW_CANCEL;
      return undefined;
    }
    future._markRetrieved();
    return this._takeCancel();
  }

  override toString(): string {
    return describeTask(this);
  }
}

function follow(task: Task<any>, signal: AbortSignal): void {
  if (task.done()) return;
  const abort = (): void => void task.cancel(signal.reason);
  if (signal.aborted) return abort();
  task._addWaiter({ _wake: listenToAbort(signal, abort), _looksOn: true });
}

walksCancel(Task);

/** Whether `value` is a task. */
export function isTask(value: unknown): value is Task<unknown> {
  return value instanceof Task;
}
