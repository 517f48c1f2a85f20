/**
 * Task: a coroutine that the loop drives. It is its own entry in the ready queue, so a step makes
 * no handle, and its own waiter, so awaiting a future makes no callback.
 *
 * The driver (`_run`) is the one place that resumes and suspends coroutines of the generator lane.
 * An `async` function drives itself; its task starts it, hears of its end, and knows through
 * `then()` which futures it waits for, so that a cancel can reach them.
 */
import type { Runnable } from '../native/rings.ts';
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import { badYield, coroutineKind, fromResult, notACoroutine } from './coroutine.ts';
import type { Context } from './context.ts';
import { CancelledError, KeyboardInterrupt, RuntimeError } from './errors.ts';
import { AWAITING, CANCELLED, CANCELLED_WITH, DONE, Future, PENDING } from './future.ts';
import type { Waiter } from './future.ts';
import { captureValues, current, runInLane } from './running.ts';
import type { Values } from './running.ts';
import { addTask, removeTask } from './task-registry.ts';
import type { Coro, Coroutine, CoroFunction } from './types.ts';
import { coroutineName } from './coroutine.ts';

/** How a task is made. */
export interface TaskOptions {
  /** For messages; by default `Task-N`. */
  name?: string | undefined;
  /** The context to run in, shared with whoever else has it; by default a copy of the current. */
  context?: Context | undefined;
  /** Runs the first step at once when the loop is running. */
  eagerStart?: boolean | undefined;
  /** Aborting it cancels the task. */
  signal?: AbortSignal | undefined;
}

const NOTHING: unique symbol = Symbol('nothing to throw');

let taskCount = 0;

/**
 * A coroutine that the loop drives; awaiting the task gives what the coroutine returns.
 *
 * @example
 * const task = new Task(function* () { yield* sleep(1); return 'done'; });
 * yield* task; // 'done'
 */
export class Task<T = unknown> extends Future<T> implements Runnable, Waiter {
  /** @internal */ _coroutine: Coro<T> | null;
  /** @internal A function that is called at the first step. */ _start: CoroFunction<T> | null;
  /** @internal */ _waiting: Future<any> | null = null;
  /** @internal Further futures that an async function waits for. */
  _alsoWaiting: Set<Future<any>> | null = null;
  /** @internal */ _values: Values;
  /** @internal */ _context: Context | null;
  /** @internal */ _name: string | number;
  /** @internal */ _requests = 0;
  /** @internal */ _mustCancel = false;
  /** @internal */ _reason: unknown = undefined;
  /** @internal What to throw into the coroutine at its next step. */
  _error: unknown = NOTHING;
  /** @internal */ _abort: AbortController | null = null;
  /** @internal Neighbours in the loop's list of tasks. */
  _previous: Task<any> | null = null;
  /** @internal */ _next: Task<any> | null = null;

  /**
   * @param coroutine - a generator object, a `function*` or `async` function, or a Promise
   * @param options - as for `createTask`; `loop` is by default the running one
   * @throws TypeError when it is no coroutine
   */
  constructor(
    coroutine: Coroutine<T>, options?: TaskOptions & { loop?: AbstractEventLoop } | null,
  ) {
    super(options);
    const kind = coroutineKind(coroutine);
    if (kind === 'other') throw notACoroutine('createTask()', coroutine);
    this._start = kind === 'function' ? coroutine as CoroFunction<T> : null;
    this._coroutine = kind === 'function' ? null : fromResult<T>(coroutine);
    this._name = ++taskCount;
    this._context = null;
    if (options === undefined || options === null) this._values = captureValues();
    else this._values = this.#configure(options);
    addTask(this._loop, this);
    if (options?.eagerStart === true && current.loop === this._loop) this.#runEagerly();
    else this._loop._enqueue(this);
    if (options?.signal) this.#follow(options.signal);
  }

  #configure(options: TaskOptions): Values {
    if (options.name !== undefined) this._name = String(options.name);
    this._context = options.context ?? null;
    return this._context === null ? captureValues() : this._context._values;
  }

  #runEagerly(): void {
    const { task, values } = current;
    try {
      this._run();
    } finally {
      current.task = task;
      current.values = values;
    }
  }

  #follow(signal: AbortSignal): void {
    const abort = (): void => void this.cancel(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    this._addWaiter({ _wake: () => signal.removeEventListener('abort', abort) });
  }

  getName(): string {
    return typeof this._name === 'number' ? `Task-${this._name}` : this._name;
  }

  setName(name: string): void {
    this._name = String(name);
  }

  /** The coroutine it drives: a generator, or the function that has not been called yet. */
  getCoro(): Coroutine<T> | null {
    return this._coroutine ?? this._start;
  }

  /**
   * Asks the task to end: a CancelledError is thrown where it waits. The coroutine may clean up,
   * and it may refuse; `cancelled()` tells once it is done.
   *
   * @param reason - travels to the CancelledError
   * @returns false when the task was done already, else true, also for the second and third call
   */
  override cancel(reason?: unknown): boolean {
    if (this._state !== PENDING) return false;
    this._requests++;
    this._reason = reason;
    this._abort?.abort(new CancelledError(reason));
    if (this._state !== PENDING) return true;
    let reached = this._waiting !== null && this._waiting.cancel(reason);
    if (this._alsoWaiting !== null) {
      for (const future of [...this._alsoWaiting]) reached = future.cancel(reason) || reached;
    }
    if (!reached) this._mustCancel = true;
    return true;
  }

  /** How many cancel requests are outstanding. */
  cancelling(): number {
    return this._requests;
  }

  /** Takes one cancel request back; the last one also takes back a cancel not yet delivered. */
  uncancel(): number {
    if (this._requests > 0 && --this._requests === 0) this._mustCancel = false;
    return this._requests;
  }

  /**
   * Aborts when the task is asked to cancel, with the CancelledError as its reason: for foreign
   * Promises, `fetch(url, { signal: task.signal })`. `uncancel` cannot take that back.
   */
  get signal(): AbortSignal {
    if (this._abort === null) {
      this._abort = new AbortController();
      if (this._requests > 0) this._abort.abort(new CancelledError(this._reason));
    }
    return this._abort.signal;
  }

  override setResult(_value: T): never {
    throw new RuntimeError('Task does not support setResult operation');
  }

  override setException(_exception: unknown): never {
    throw new RuntimeError('Task does not support setException operation');
  }

  /** @internal What it waits for is done. */
  _wake(): void {
    this._loop._enqueue(this);
  }

  /** @internal One step. */
  _run(): void {
    if (this._state !== PENDING) return;
    this._waiting = null;
    current.task = this;
    current.values = this._context === null ? this._values : this._context._values;
    let result: IteratorResult<unknown, T> | undefined;
    try {
      if (this._coroutine === null) result = this._begin();
      else if (this._mustCancel || this._error !== NOTHING) result = this._throwInto();
      else result = this._coroutine.next();
    } catch (error) {
      this._leave();
      this._ended(error);
      return;
    }
    this._leave();
    if (result === AWAITING) this._await(AWAITING.value);
    else if (result !== undefined) this._go(result);
  }

  /** @internal Keeps the context variables as the step has left them. */
  _leave(): void {
    this._values = current.values;
    if (this._context !== null) this._context._values = current.values;
    current.task = null;
  }

  /** @internal */
  _throwInto(): IteratorResult<unknown, T> {
    let error = this._error;
    this._error = NOTHING;
    if (this._mustCancel) {
      this._mustCancel = false;
      if (!(error instanceof CancelledError)) error = new CancelledError(this._reason);
    }
    return this._coroutine!.throw(error);
  }

  /** @internal Waits for a future; a cancel that came during the step goes straight to it. */
  _await(future: Future<any>): void {
    if (future._loop !== this._loop || future === this as Future<any>) {
      this._refuse(future);
      return;
    }
    future._addWaiter(this);
    this._waiting = future;
    if (this._mustCancel && future.cancel(this._reason)) this._mustCancel = false;
  }

  /** @internal Everything that a step can end with but the usual wait. */
  _go(result: IteratorResult<unknown, T>): void {
    if (result.done === true) this._finish(result.value);
    else if (result.value === undefined || result.value === null) this._loop._enqueue(this);
    else this._refuse(result.value);
  }

  /** @internal Explains a yield that makes no sense, at the place of the yield. */
  _refuse(value: unknown): void {
    this._error = badYield(this, value);
    this._loop._enqueue(this);
  }

  /** @internal The first step of a function: it is called now, so a cancelled task never does. */
  _begin(): IteratorResult<unknown, T> | undefined {
    const start = this._start!;
    this._start = null;
    if (this._mustCancel) {
      this._mustCancel = false;
      throw new CancelledError(this._reason);
    }
    const kind = coroutineKind(start, true);
    const made: unknown = kind === 'generator' ? start() : runInLane(this, start);
    if (isNativePromise(made)) {
      made.then((value) => this._laneEnded(value as T), (error) => this._laneFailed(error));
      return undefined;
    }
    this._coroutine = fromResult<T>(made);
    if (this._coroutine === null) throw notACoroutine('the function of the task returned', made);
    return this._mustCancel ? this._throwInto() : this._coroutine.next();
  }

  /** @internal */
  _finish(value: T): void {
    if (this._loop._debug && this._requests > 0 && !this._mustCancel) {
      this._loop._warn(`${this} was cancelled and finished nevertheless: it swallowed a `
        + 'CancelledError');
    }
    this._release();
    if (this._mustCancel) this._settle(CANCELLED, this._reason);
    else this._settle(DONE, value);
  }

  /** @internal */
  _ended(error: unknown): void {
    this._release();
    if (error instanceof CancelledError) {
      this._settle(CANCELLED_WITH, error);
      return;
    }
    this._fail(error || new RuntimeError(
      `the coroutine threw ${String(error)}, which is no error`, { cause: error }));
    if (error instanceof KeyboardInterrupt) throw error;
  }

  /** @internal */
  _release(): void {
    removeTask(this._loop, this);
    this._waiting = null;
    this._alsoWaiting = null;
  }

  /** @internal The async function has returned. */
  _laneEnded(value: T): void {
    if (this._state === PENDING) this._finish(value);
  }

  /** @internal The async function has thrown. */
  _laneFailed(error: unknown): void {
    if (this._state !== PENDING) return;
    try {
      this._ended(error);
    } catch (interrupt) {
      this._loop._interrupt(interrupt);
    }
  }

  /** @internal Its async function waits for a future. */
  _laneWaits(future: Future<any>): void {
    if (this._state !== PENDING) return;
    if (this._waiting === null) this._waiting = future;
    else if (this._waiting !== future) (this._alsoWaiting ??= new Set()).add(future);
    if (this._mustCancel && future.cancel(this._reason)) this._mustCancel = false;
  }

  /** @internal The future is done. @returns the error of a cancel that came after that */
  _laneWoken(future: Future<any>): CancelledError | undefined {
    if (this._waiting === future) this._waiting = null;
    else this._alsoWaiting?.delete(future);
    if (!this._mustCancel || this._state !== PENDING) return undefined;
    this._mustCancel = false;
    future._markRetrieved();
    return new CancelledError(this._reason);
  }

  override toString(): string {
    const state = this._state === PENDING && this._requests > 0 ? 'cancelling' : this._stateText();
    const coroutine = this._coroutine ?? this._start;
    const coro = coroutine === null ? '' : ` coro=${coroutineName(coroutine)}`;
    const waits = this._waiting === null ? '' : ` wait_for=<${this._waiting.constructor.name}>`;
    return `<Task ${state} name='${this.getName()}'${coro}${waits}>`;
  }
}

function isNativePromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value)
    && typeof (value as PromiseLike<unknown>).then === 'function';
}

/** Whether `value` is a task. */
export function isTask(value: unknown): value is Task<unknown> {
  return value instanceof Task;
}
