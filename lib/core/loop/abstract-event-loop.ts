/**
 * The loop that others are made from.
 *
 * To make one, extend `EventLoop` and change what you need; or extend this class and give the
 * methods that are abstract here. Futures, tasks, the exception handlers and `callLater` work on
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

/** Options that are made once for each loop. */
interface OwnOptions {
  readonly loop: AbstractEventLoop;
  readonly eagerStart: boolean;
}

/** Makes the tasks of a loop in place of `new Task`. */
export type TaskFactory = (
  loop: AbstractEventLoop,
  coroutine: Coroutine<any>,
  options: TaskOptions,
) => Task<any>;

/** @internal What a higher room keeps with a loop, and the events of the loop's life it needs. */
export interface RidesAlong {
  /** The loop begins to ride in Node's, or has ended that. */
  ride(rides: boolean): void;
  /** The loop is closed: nobody waits. @param terminate - not even for the end of the work */
  abandon(terminate: boolean): void;
}

/**
 * What every loop can do: callbacks, futures, tasks, executors, the exception handler. `EventLoop`
 * extends it by the network; a loop of one's own extends either.
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
  /** @internal Null: async generators that are left are nobody's business. */
  _generators: LoopGenerators | null = new LoopGenerators(this);
  /** @internal Put there by lib/threads/executor when the first is needed. */
  _executors: RidesAlong | null = null;
  /** @internal Called when the loop is closed, by those who would wait for ever. */
  _whenClosed: Set<() => void> | null = null;
  /** @internal What must still be done while everything is there. */
  _beforeClose: Set<() => void> | null = null;
  /** @internal The signals that it listens to; null while it listens to none. */
  _signals: LoopSignals | null = null;
  /** @internal Whether Node's loop, in which it rides, can deliver something now. */
  _rides = false;
  /** @internal Promises that have not settled and that a future of the loop waits for. */
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
  /** Runs until `awaitable` is done and gives its result. */
  abstract runUntilComplete<T>(awaitable: AwaitableLike<T>): Promise<T>;
  /** Ends `runForever` after the turn that is running. */
  abstract stop(): void;
  /** Frees everything; a closed loop cannot be used again. */
  abstract close(): void;
  /** Whether it is in a `run…` call now. */
  abstract isRunning(): boolean;
  /** Whether `close()` was called; nothing can be scheduled then. */
  abstract isClosed(): boolean;

  /**
   * Calls `callback(...args)` after `delay` (seconds, or a string such as `'250ms'`), never before.
   * Equal deadlines run in the order they were made; a negative delay acts as 0.
   *
   * @throws TypeError, RangeError for anything but a duration
   */
  callLater<A extends unknown[]>(delay: Duration, callback: Callback<A>, ...args: A): TimerHandle {
    return this.callAt(this.time() + toSeconds(delay), callback, ...args);
  }

  /**
   * As `callSoon`, for callbacks of Node in the loop's own thread. Another thread cannot have this
   * object: `share` what it may call and use `connectLoop` there.
   */
  callSoonThreadsafe<A extends unknown[]>(callback: Callback<A>, ...args: A): Handle {
    return anywhere(() => this.callSoon(callback, ...args));
  }

  /** A future of this loop that is not done. */
  createFuture<T = unknown>(): Future<T> {
    return new Future<T>(this._plain);
  }

  /**
   * Starts a coroutine; its first step runs in the next turn. A task factory gets the options as
   * they are, also those that only it knows.
   *
   * @throws TypeError when it is no coroutine, or when the task factory gives no task;
   *   RuntimeError when the loop is closed
   */
  createTask<T>(coroutine: Coroutine<T>, options?: TaskOptions): Task<T> {
    this._checkClosed('createTask');
    if (options !== undefined) checkObject('createTask()', options);
    const factory = this.#taskFactory;
    if (factory !== null) return checkMade(factory(this, coroutine, options ?? {}));
    return new Task<T>(coroutine, options === undefined ? this._plain : { ...options, loop: this });
  }

  /** @internal As `createTask` with `eagerStart`: nobody gave options that were to be checked. */
  _startTask<T>(coroutine: Coroutine<T>): Task<T> {
    const ordinary =
      this.#taskFactory === null && this.createTask === AbstractEventLoop.prototype.createTask;
    return ordinary
      ? new Task<T>(coroutine, this._eager)
      : this.createTask(coroutine, { eagerStart: true });
  }

  /** Sets what makes tasks; null: `new Task`. */
  setTaskFactory(factory: TaskFactory | null): void {
    if (factory !== null && typeof factory !== 'function') {
      throw new TypeError('task factory must be a function or null');
    }
    this.#taskFactory = factory;
  }

  /** What makes tasks, or null when `new Task` does. */
  getTaskFactory(): TaskFactory | null {
    return this.#taskFactory;
  }

  /** Seconds that a callback may take before debug mode warns; 0.1 unless it is set. */
  get slowCallbackDuration(): number {
    return this.#slowCallbackDuration;
  }

  /** @throws RangeError for NaN and negative numbers; TypeError for anything but a duration */
  set slowCallbackDuration(duration: Duration) {
    const seconds = toSeconds(duration, 'slowCallbackDuration');
    if (seconds < 0) throw new RangeError(`slowCallbackDuration: ${duration} is negative`);
    this.#slowCallbackDuration = seconds;
  }

  /** Whether it is in debug mode. */
  getDebug(): boolean {
    return this._debug;
  }

  /**
   * Debug mode: checks that are too dear for every day. It tells where handles, futures and tasks
   * were made, and warns of slow callbacks, of what was never awaited, of swallowed cancels, of
   * durations that look like milliseconds; coroutines as callbacks and calls on a loop while
   * another one runs throw. It may be switched at any time, and sees what is made from then on.
   */
  setDebug(debug: boolean): void {
    setDebugMode(this, Boolean(debug));
  }

  /** Sets the handler of errors that are never retrieved; null: they go to stderr. */
  setExceptionHandler(handler: ExceptionHandler | null): void {
    if (handler !== null && typeof handler !== 'function') {
      throw new TypeError('an exception handler must be a function or null');
    }
    this.#exceptionHandler = handler;
  }

  /** What `setExceptionHandler` has set; null: the default. */
  getExceptionHandler(): ExceptionHandler | null {
    return this.#exceptionHandler;
  }

  /** Writes the context to stderr. */
  defaultExceptionHandler(context: ExceptionContext): void {
    writeExceptionContext(context);
  }

  /**
   * Tells the exception handler. Never throws, but for KeyboardInterrupt and for a context that is
   * no object.
   */
  callExceptionHandler(context: ExceptionContext): void {
    if (CALLBACK_ERROR.hasSubscribers) CALLBACK_ERROR.publish({ loop: this, context });
    reportException(this, this.#exceptionHandler, context);
  }

  /**
   * Closes the async generators that began in this loop and are left at a `yield`, at the same
   * time: their `finally` blocks are run. `run` and `Runner` do it at the end. One that is busy
   * closes at its next `yield`, which is waited for a tenth of a second; one that begins later is
   * only warned of. What they throw goes to the exception handler, with the key `asyncgen`.
   *
   * @example yield* loop.shutdownAsyncgens();
   */
  shutdownAsyncgens(): Future<void> {
    if (this._generators !== null) return this._generators.shutdown();
    const nothing = new Future<void>({ loop: this });
    nothing.setResult();
    return nothing;
  }

  /** Runs `body` as a part of this loop's turn: inside, this is the running loop. */
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

  /** @internal It begins to ride in Node's loop, or has ended that. */
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

  /** @internal Where time is simulated: stops it that many times, or lets it go on. */
  _holdTime(_change: number): void {}

  /** @internal @throws RuntimeError once the loop is closed */
  _checkClosed(call = ''): void {
    if (this.isClosed === AbstractEventLoop.prototype.isClosed) {
      throw notImplemented(this, 'isClosed', call);
    }
    if (this.isClosed()) throw new RuntimeError('Event loop is closed');
  }

  /** @internal KeyboardInterrupt came up outside a turn. */
  _interrupt(error: unknown): void {
    this.callSoon(() => {
      throw error;
    });
  }

  toString(): string {
    return `<${this.constructor.name}${stateOf(this)} debug=${this._debug}>`;
  }
}

/** A loop of one's own may be printed before it has methods that answer. */
function stateOf(loop: AbstractEventLoop): string {
  try {
    return ` running=${loop.isRunning()} closed=${loop.isClosed()}`;
  } catch {
    return '';
  }
}

addUnwritten(AbstractEventLoop.prototype);

// Without it a loop that is printed shows its rings, thousands of numbers.
showsText(AbstractEventLoop);

/** @throws TypeError when a task factory gave something else than a task */
function checkMade(task: Task<any>): Task<any> {
  if (task instanceof Future) return task;
  throw new TypeError(`the task factory returned ${describe(task)}; it must return a Task`);
}
