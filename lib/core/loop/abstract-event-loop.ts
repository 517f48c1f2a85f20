/**
 * The base class of all event loops.
 *
 * To write your own, extend `EventLoop` and override what you need; or extend this class and
 * implement its abstract methods. Futures, tasks, the exception handlers and `callLater` build on
 * those. Run callbacks inside `dispatching()`, so that they know which loop is running.
 */
import type { Runnable } from '../../native/rings.ts';
import type { LoopCore } from '../contract/loop-core.ts';
import { LoopGenerators } from './async-generators.ts';
import { describe } from '../support/describe.ts';
import { anywhere, setDebugMode } from '../debug/debug.ts';
import { CALLBACK_ERROR } from '../observe/diagnostics-channels.ts';
import { toSeconds } from '../support/duration.ts';
import type { Duration } from '../support/duration.ts';
import { RuntimeError } from '../errors/errors.ts';
import { reportException, writeExceptionContext } from './exception-handler.ts';
import type { ExceptionContext, ExceptionHandler } from './exception-handler.ts';
import { Future } from '../future/future.ts';
import type { Callback, Handle, TimerHandle } from './handle.ts';
import type { LoopSignals } from './signals.ts';
import type { Observer } from '../contract/observer.ts';
import { checkObject } from '../support/options.ts';
import { current } from '../context/running.ts';
import { showsText } from '../support/shows-text.ts';
import { Task } from '../task/task.ts';
import type { TaskOptions } from '../task/task.ts';
import type { AwaitableLike, Coroutine } from '../support/types.ts';
import './install-get-loop.ts';
import { addUnwritten, notImplemented } from './unwritten-methods.ts';

/** Options objects that are created once per loop. */
interface OwnOptions {
  readonly loop: AbstractEventLoop;
  readonly eagerStart: boolean;
}

/** Creates the tasks of a loop in place of `new Task`. */
export type TaskFactory = (
  loop: AbstractEventLoop,
  coroutine: Coroutine<any>,
  options: TaskOptions,
) => Task<any>;

/** @internal Something that a higher room attaches to a loop, and the loop events it needs. */
export interface RidesAlong {
  /** The loop starts or stops running as a guest of Node's loop. */
  ride(rides: boolean): void;
  /** The loop was closed. @param terminate - stop the work at once instead of letting it finish */
  abandon(terminate: boolean): void;
}

/**
 * What every loop can do: callbacks, futures, tasks, executors, the exception handler. `EventLoop`
 * adds I/O; a custom loop extends either class.
 *
 * @example
 * class CountingLoop extends EventLoop {
 *   scheduled = 0;
 *   override callSoon<A extends unknown[]>(callback: Callback<A>, ...args: A): Handle {
 *     this.scheduled++;
 *     return super.callSoon(callback, ...args);
 *   }
 * }
 * await run(main, { loopFactory: () => new CountingLoop() });
 */
export abstract class AbstractEventLoop implements LoopCore {
  /** @internal */ _debug = false;
  /** @internal */ _observer: Observer | null = null;
  /** @internal Whether what it runs goes through `runObserved`: debug mode, or an observer. */
  _observed = false;
  /** @internal Whether the user's AsyncLocalStorage stores go with what is scheduled. */
  _bindsStores = false;
  /** @internal */ _firstTask: Task<any> | null = null;
  /** @internal Null: unfinished async generators are not tracked (`asyncgenHooks: false`). */
  _generators: LoopGenerators | null = new LoopGenerators(this);
  /** @internal Put there by lib/threads/executor when the first is needed. */
  _executors: RidesAlong | null = null;
  /** @internal Called when the loop is closed, for waits that would otherwise never end. */
  _whenClosed: Set<() => void> | null = null;
  /** @internal Called when the loop begins to close, while everything still works. */
  _beforeClose: Set<() => void> | null = null;
  /** @internal The signals that it listens to; null until the first. */
  _signals: LoopSignals | null = null;
  /** @internal Whether it runs as a guest, so that Node's loop can deliver events to it. */
  _rides = false;
  /** @internal How many unsettled Promises the futures of this loop wait for. */
  _promises = 0;
  #exceptionHandler: ExceptionHandler | null = null;
  #taskFactory: TaskFactory | null = null;
  #slowCallbackDuration = 0.1;
  /** @internal The options of most tasks and futures, made once: they need no check. */
  readonly _plain: OwnOptions = { loop: this, eagerStart: false };
  /** @internal The same for tasks whose first step runs at once. */
  readonly _eager: OwnOptions = { loop: this, eagerStart: true };

  /** Calls `callback(...args)` in the next turn; first in, first out. */
  abstract callSoon<A extends unknown[]>(callback: Callback<A>, ...args: A): Handle;
  /** Calls `callback(...args)` at `when` seconds on `time()`, never before. */
  abstract callAt<A extends unknown[]>(
    when: number,
    callback: Callback<A>,
    ...args: A
  ): TimerHandle;
  /** Seconds on the loop's monotonic clock. */
  abstract time(): number;
  /** Runs until `stop()`. */
  abstract runForever(): Promise<void>;
  /** Runs until `awaitable` is done and resolves with its result. */
  abstract runUntilComplete<T>(awaitable: AwaitableLike<T>): Promise<T>;
  /** Ends `runForever` after the current turn. */
  abstract stop(): void;
  /** Frees all resources; a closed loop cannot be used again. */
  abstract close(): void;
  /** Whether one of its `run…` methods is active. */
  abstract isRunning(): boolean;
  /** Whether `close()` was called; nothing can be scheduled then. */
  abstract isClosed(): boolean;

  /**
   * Calls `callback(...args)` after `delay` (seconds, or a string such as `'250ms'`), never before.
   * Callbacks with equal deadlines run in the order they were scheduled; a negative delay acts as
   * 0.
   *
   * @throws TypeError when `delay` is not a duration; RangeError when it is NaN
   */
  callLater<A extends unknown[]>(delay: Duration, callback: Callback<A>, ...args: A): TimerHandle {
    return this.callAt(this.time() + toSeconds(delay), callback, ...args);
  }

  /**
   * As `callSoon`, for use in Node callbacks in the loop's own thread. Other threads cannot have
   * this object: `share` what they may call, and use `connectLoop` there.
   */
  callSoonThreadsafe<A extends unknown[]>(callback: Callback<A>, ...args: A): Handle {
    return anywhere(() => this.callSoon(callback, ...args));
  }

  /** A new pending future of this loop. */
  createFuture<T = unknown>(): Future<T> {
    return new Future<T>(this._plain);
  }

  /**
   * Starts a coroutine; its first step runs in the next turn. A task factory gets the options
   * unchanged, including names that only it knows.
   *
   * @throws TypeError when it is not a coroutine, or the task factory does not return a task;
   *   RuntimeError when the loop is closed
   */
  createTask<T>(coroutine: Coroutine<T>, options?: TaskOptions): Task<T> {
    this._checkClosed('createTask');
    if (options !== undefined) checkObject('createTask()', options);
    const factory = this.#taskFactory;
    if (factory !== null) return checkMade(factory(this, coroutine, options ?? {}));
    return new Task<T>(coroutine, options === undefined ? this._plain : { ...options, loop: this });
  }

  /** @internal As `createTask` with `eagerStart`, without the check of options. */
  _startTask<T>(coroutine: Coroutine<T>): Task<T> {
    const ordinary =
      this.#taskFactory === null && this.createTask === AbstractEventLoop.prototype.createTask;
    return ordinary
      ? new Task<T>(coroutine, this._eager)
      : this.createTask(coroutine, { eagerStart: true });
  }

  /**
   * Sets the function that creates tasks; null for `new Task`. @throws TypeError for other types
   */
  setTaskFactory(factory: TaskFactory | null): void {
    if (factory !== null && typeof factory !== 'function') {
      throw new TypeError('task factory must be a function or null');
    }
    this.#taskFactory = factory;
  }

  /** The function that creates tasks, or null for `new Task`. */
  getTaskFactory(): TaskFactory | null {
    return this.#taskFactory;
  }

  /** Seconds that a callback may take before debug mode warns; 0.1 by default. */
  get slowCallbackDuration(): number {
    return this.#slowCallbackDuration;
  }

  /** @throws RangeError for NaN and negative numbers; TypeError for anything but a duration */
  set slowCallbackDuration(duration: Duration) {
    const seconds = toSeconds(duration, 'slowCallbackDuration');
    if (seconds < 0) throw new RangeError(`slowCallbackDuration: ${duration} is negative`);
    this.#slowCallbackDuration = seconds;
  }

  /** Whether debug mode is on. */
  getDebug(): boolean {
    return this._debug;
  }

  /**
   * Switches debug mode: checks that are too expensive to have on always. It records where handles,
   * futures and tasks were created; warns about slow callbacks, scopes that were never awaited,
   * swallowed cancels, and durations that look like milliseconds; and throws for coroutines given
   * as callbacks and for calls on a loop while another one runs. It can be switched at any time,
   * and covers what is created from then on.
   */
  setDebug(debug: boolean): void {
    setDebugMode(this, Boolean(debug));
  }

  /** Sets the handler of errors that nobody awaits; null: they are written to stderr. */
  setExceptionHandler(handler: ExceptionHandler | null): void {
    if (handler !== null && typeof handler !== 'function') {
      throw new TypeError('an exception handler must be a function or null');
    }
    this.#exceptionHandler = handler;
  }

  /** The handler set by `setExceptionHandler`; null for the default. */
  getExceptionHandler(): ExceptionHandler | null {
    return this.#exceptionHandler;
  }

  /** Writes the context to stderr. */
  defaultExceptionHandler(context: ExceptionContext): void {
    writeExceptionContext(context);
  }

  /**
   * Calls the exception handler. Never throws, except for KeyboardInterrupt and when `context` is
   * not an object.
   */
  callExceptionHandler(context: ExceptionContext): void {
    if (CALLBACK_ERROR.hasSubscribers) CALLBACK_ERROR.publish({ loop: this, context });
    reportException(this, this.#exceptionHandler, context);
  }

  /**
   * Closes, concurrently, the async generators that started in this loop and are suspended at a
   * `yield`: their `finally` blocks run. `run` and `Runner` do this at the end. A generator that is
   * executing is closed at its next `yield`, which is waited for up to 0.1 seconds; one that starts
   * later only gets a warning. Errors they throw go to the exception handler, with the key
   * `asyncgen`.
   *
   * @example yield* loop.shutdownAsyncgens();
   */
  shutdownAsyncgens(): Future<void> {
    if (this._generators !== null) return this._generators.shutdown();
    const nothing = new Future<void>({ loop: this });
    nothing.setResult();
    return nothing;
  }

  /** Runs `body` as part of this loop's turn: inside it, this is the running loop. */
  protected dispatching<T>(body: () => T): T {
    if (typeof body !== 'function') {
      throw new TypeError(`dispatching(): body must be a function, not ${describe(body)}`);
    }
    const { loop, task, values } = current;
    current.loop = this;
    current.task = null;
    try {
      return body();
    } finally {
      current.loop = loop;
      current.task = task;
      current.values = values;
    }
  }

  /** @internal Puts something into the ready queue. */
  _enqueue(item: Runnable): void {
    this.callSoon(() => item._run());
  }

  /** @internal */
  _warn(message: string): void {
    process.emitWarning(message, 'OxbowWarning');
  }

  /** @internal Starts or stops running as a guest of Node's loop. */
  _ride(rides: boolean): void {
    this._rides = rides;
    this._generators?.watch(rides);
    this._executors?.ride(rides);
  }

  /** @internal */
  _tellClosed(): void {
    this._signals?.close();
    const calls = this._whenClosed;
    this._whenClosed = null;
    if (calls !== null) for (const call of calls) call();
  }

  /** @internal With simulated time: adds to (or takes from) the count of holds that stop it. */
  _holdTime(_change: number): void {}

  /** @internal @throws RuntimeError once the loop is closed */
  _checkClosed(call = ''): void {
    if (this.isClosed === AbstractEventLoop.prototype.isClosed) {
      throw notImplemented(this, 'isClosed', call);
    }
    if (this.isClosed()) throw new RuntimeError('Event loop is closed');
  }

  /** @internal A KeyboardInterrupt was raised outside a turn. */
  _interrupt(error: unknown): void {
    this.callSoon(() => {
      throw error;
    });
  }

  toString(): string {
    return `<${this.constructor.name}${stateOf(this)} debug=${this._debug}>`;
  }
}

/** A custom loop may be printed before its methods are implemented. */
function stateOf(loop: AbstractEventLoop): string {
  try {
    return ` running=${loop.isRunning()} closed=${loop.isClosed()}`;
  } catch {
    return '';
  }
}

addUnwritten(AbstractEventLoop.prototype);

// Otherwise console.log() of a loop would print its rings: thousands of numbers.
showsText(AbstractEventLoop);

/** @throws TypeError when a task factory returned something other than a task */
function checkMade(task: Task<any>): Task<any> {
  if (task instanceof Future) return task;
  throw new TypeError(`the task factory returned ${describe(task)}; it must return a Task`);
}
