/** Running main coroutines on a new loop, with handling of Ctrl-C and a clean end. */
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { checkContext, Context } from '../core/context/context.ts';
import { newEventLoop } from '../core/loop/current-loop.ts';
import { isForeignPromise, notACoroutine } from '../core/task/coroutine.ts';
import { describe } from '../core/support/describe.ts';
import { ensureFuture, isAwaitable } from '../core/loop/ensure-future.ts';
import { DeadlockError, isA, NoRunningLoop, RuntimeError } from '../core/errors/errors.ts';
import { ExceptionGroup } from '../core/errors/exception-group.ts';
import { EventLoop } from '../core/loop/event-loop.ts';
import { Future } from '../core/future/future.ts';
import { isLostKept, keepLost, reportLost, takeLost } from '../core/errors/never-retrieved.ts';
import { checkFlags, checkOptions } from '../core/support/options.ts';
import { captureValues, runningLoop } from '../core/context/running.ts';
import { showsText } from '../core/support/shows-text.ts';
import { allTasks } from '../core/task/task-registry.ts';
import type { Task } from '../core/task/task.ts';
import type { AwaitableLike, Coroutine } from '../core/support/types.ts';
import { gather } from './gather.ts';
import { Interrupt } from './interrupt.ts';

/** Options of `run`, `runSync` and `Runner`. */
export interface RunOptions<L extends AbstractEventLoop = AbstractEventLoop> {
  /** Debug mode; by default as set by OXBOW_DEBUG in the environment. */
  debug?: boolean | null | undefined;
  /**
   * Whether callbacks run with the AsyncLocalStorage stores of the code that scheduled them, as for
   * `newEventLoop`.
   */
  asyncLocalStorage?: boolean | null | undefined;
  /** Makes the loop; by default `newEventLoop`. */
  loopFactory?: (() => L) | null | undefined;
  /**
   * Whether async generators left suspended at a `yield` are closed at the end; true by default. To
   * find them, `next` of all async generators is wrapped while the loop runs; with false it is not.
   */
  asyncgenHooks?: boolean | null | undefined;
  /**
   * What happens to errors of tasks and futures that were not retrieved by the end. `'report'` (the
   * default): the loop's exception handler is called with each. `'throw'`: `run`, or `close` of a
   * Runner, throws the error, or an ExceptionGroup of several; when main itself fails, its error is
   * thrown and the others are reported.
   */
  unhandled?: 'report' | 'throw' | null | undefined;
}

const RUN_OPTIONS = ['asyncgenHooks', 'asyncLocalStorage', 'debug', 'loopFactory', 'unhandled'];

/** Seconds given to work in threads to end, as in asyncio. */
const THREAD_JOIN_TIMEOUT = 300;

/**
 * Runs several main coroutines, one after the other, on the same loop and in the same context.
 *
 * @example
 * await using runner = new Runner();
 * await runner.run(first);
 * await runner.run(second);
 */
export class Runner<L extends AbstractEventLoop = EventLoop> {
  readonly #options: RunOptions<L>;
  #loop: L | null = null;
  #context: Context | null = null;
  #closed = false;
  #aborted = false;

  constructor(options: RunOptions<L> = {}) {
    checkRunOptions(options);
    this.#options = options;
  }

  /** The loop; created by the first call. @throws RuntimeError once the runner is closed */
  getLoop(): L {
    if (this.#closed) throw new RuntimeError('Runner is closed');
    if (this.#loop === null) {
      const { asyncgenHooks, asyncLocalStorage, debug, loopFactory, unhandled } = this.#options;
      this.#loop = given(loopFactory) ? loopFactory() : newEventLoop<L>();
      if (given(debug)) this.#loop.setDebug(debug);
      if (asyncgenHooks === false) this.#loop._generators = null;
      if (given(asyncLocalStorage)) this.#loop._bindsStores = asyncLocalStorage;
      if (unhandled === 'throw') keepLost(this.#loop, true);
      this.#context = new Context(captureValues());
    }
    return this.#loop;
  }

  /**
   * Runs `main` as a guest of Node's loop until it is done.
   *
   * The first Ctrl-C or SIGTERM cancels it, and if it then ends as cancelled the Promise is
   * rejected with KeyboardInterrupt or Terminated; a second one ends the loop at once. A signal
   * that the program listens to itself is left to the program.
   *
   * @throws what main throws; RuntimeError inside a running loop or when the runner is closed;
   *   TypeError when `main` cannot be run or `options` are wrong
   */
  async run<T>(
    main: AwaitableLike<T>,
    options: { context?: Context | null | undefined } = {},
  ): Promise<T> {
    const { loop, future } = this.#start('run()', main, options);
    const interrupt = new Interrupt(loop, future);
    try {
      return await loop.runUntilComplete(future);
    } catch (error) {
      if (interrupt.ended) this.#aborted = true;
      throw isForeignPromise(main) && isA(error, NoRunningLoop)
        ? calledTooEarly('run()', error)
        : interrupt.explain(error);
    } finally {
      interrupt.remove();
    }
  }

  /**
   * The same, but blocks the thread and returns the result. Ctrl-C and SIGTERM are handled between
   * turns.
   * @throws as `run`; DeadlockError when main waits for something that only Node's loop could
   *   deliver
   */
  runSync<T>(main: AwaitableLike<T>, options: { context?: Context | null | undefined } = {}): T {
    if (needsNode(main)) {
      // A rejection of this Promise must not end the process as unhandled: the error below is
      // enough.
      if (main instanceof Promise) main.catch(() => {});
      throw new DeadlockError(
        'runSync() owns the thread, so that no async function or Promise can ' +
          `go on; ${describe(main)} needs run(), or has to become a function*`,
      );
    }
    const { loop, future } = this.#start('runSync()', main, options);
    const interrupt = new Interrupt(loop, future);
    try {
      return owning(loop).runUntilCompleteSync(future);
    } catch (error) {
      if (interrupt.ended) this.#aborted = true;
      throw interrupt.explain(error);
    } finally {
      interrupt.remove();
    }
  }

  #start<T>(
    call: string,
    main: AwaitableLike<T>,
    options: { context?: Context | null | undefined },
  ): { loop: AbstractEventLoop; future: Future<T> } {
    checkOptions('Runner.run()', options, ['context']);
    if (given(options.context)) checkContext(options.context);
    checkMain(call, main);
    if (runningLoop() !== null) {
      throw new RuntimeError('Runner.run() cannot be called from a running event loop');
    }
    const loop = this.getLoop();
    if (main instanceof Future) return { loop, future: ensureFuture(main, { loop }) };
    const own = options.context ?? this.#context!;
    if (typeof main !== 'function' && 'then' in main) {
      return { loop, future: own.run(() => ensureFuture(main, { loop })) };
    }
    return { loop, future: loop.createTask(main as Coroutine<T>, { context: own }) };
  }

  /**
   * Ends what is left, in asyncio's order: cancels the remaining tasks and waits for them, closes
   * async generators, shuts down the default executor (waiting at most 300 seconds), closes the
   * loop. A Ctrl-C meanwhile ends this at once. A second close does nothing.
   *
   * @throws KeyboardInterrupt after Ctrl-C; RuntimeError while its loop is running; with
   *   `unhandled: 'throw'`, the errors that were not retrieved
   */
  async close(): Promise<void> {
    const loop = this.#beginClose();
    if (loop === null) return;
    const failures: unknown[] = [];
    const interrupt = this.#aborted ? null : new Interrupt(loop, null);
    try {
      if (!this.#aborted) await endAll(loop, failures);
    } finally {
      interrupt?.remove();
      if (this.#aborted || interrupt?.ended === true) loop._executors?.abandon(true);
      loop.close();
    }
    throwLost(loop, failures);
  }

  /**
   * @internal Main has failed and its error is thrown, so other errors are reported, not thrown.
   */
  _reportUnhandled(): void {
    if (this.#loop !== null) keepLost(this.#loop, false);
  }

  /**
   * `close` for a runner that was used with `runSync`. Async generators and work in threads, which
   * need Node's loop, are abandoned without waiting.
   * @throws as `close`
   */
  closeSync(): void {
    const loop = this.#beginClose();
    if (loop === null) return;
    const failures: unknown[] = [];
    const interrupt = this.#aborted ? null : new Interrupt(loop, null);
    try {
      if (!this.#aborted) {
        const left = cancelAll(loop);
        if (left !== null) owning(loop).runUntilCompleteSync(left);
        if (left !== null) takeFailures(loop, left, failures);
      }
      loop._generators?.abandon();
    } finally {
      interrupt?.remove();
      loop.close();
    }
    throwLost(loop, failures);
  }

  #beginClose(): AbstractEventLoop | null {
    const loop = this.#closed ? null : this.#loop;
    // Thrown before it is marked closed, so that it can still be closed later.
    if (loop?.isRunning() === true) {
      throw new RuntimeError('Cannot close a Runner while its event loop is running');
    }
    this.#closed = true;
    return loop;
  }

  toString(): string {
    const state = this.#closed ? 'closed' : this.#loop === null ? 'not begun' : `on ${this.#loop}`;
    return `<Runner ${state}>`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.dispose](): void {
    this.closeSync();
  }
}

/** Null and undefined both mean the default, as None does in asyncio. */
function given<T>(option: T | null | undefined): option is T {
  return option !== undefined && option !== null;
}

function owning(loop: AbstractEventLoop): EventLoop {
  if (loop instanceof EventLoop) return loop;
  throw new TypeError('only an EventLoop can own the thread; use run()');
}

/** @throws TypeError, RangeError for wrong options */
function checkRunOptions(options: RunOptions<any>): void {
  checkOptions('run()', options, RUN_OPTIONS);
  const { asyncgenHooks, asyncLocalStorage, debug, loopFactory, unhandled } = options;
  // Null means the default, as None does in asyncio.
  for (const [name, flag] of Object.entries({ asyncgenHooks, asyncLocalStorage, debug })) {
    if (given(flag)) checkFlags('run()', { [name]: flag }, [name]);
  }
  if (given(loopFactory) && typeof loopFactory !== 'function') {
    throw new TypeError(`run(): loopFactory: ${describe(loopFactory)} is not a function`);
  }
  if (given(unhandled) && unhandled !== 'report' && unhandled !== 'throw') {
    throw new RangeError(
      `run(): unhandled must be 'report' or 'throw', got ${describe(unhandled)}`,
    );
  }
}

/** @throws TypeError when `main` cannot be run */
function checkMain(call: string, main: unknown): void {
  if (isAwaitable(main)) return;
  throw new TypeError(
    `${notACoroutine(`${call} got`, main).message}; give it the function, ` +
      'run(main) and not run(main())',
  );
}

/** Whether only Node's own loop could make it progress: an async function or a Promise. */
function needsNode(main: unknown): boolean {
  return (
    isForeignPromise(main) ||
    (typeof main === 'function' &&
      (main as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] === 'AsyncFunction')
  );
}

/** The error for a main that was called instead of being passed as a function. */
function calledTooEarly(call: string, cause: NoRunningLoop): TypeError {
  return new TypeError(
    `${call} got a Promise that has failed because no loop was running when its ` +
      'function was called; give it the function, run(main) and not run(main())',
    { cause },
  );
}

/**
 * Throws the errors that were not retrieved if `unhandled: 'throw'`; otherwise they have been
 * reported.
 */
function throwLost(loop: AbstractEventLoop, failures: readonly unknown[]): void {
  // The `close` of a custom loop does not report them.
  reportLost(loop);
  const errors = [...takeLost(loop), ...failures];
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new ExceptionGroup('errors that nobody has looked at', errors);
}

async function endAll(loop: AbstractEventLoop, failures: unknown[]): Promise<void> {
  const left = cancelAll(loop);
  if (left !== null) {
    await loop.runUntilComplete(left);
    takeFailures(loop, left, failures);
  }
  await completed(loop, loop.shutdownAsyncgens());
  await completed(loop, loop.shutdownDefaultExecutor(THREAD_JOIN_TIMEOUT));
}

/** Waits for a shutdown step; most have nothing to do and are already done, which saves a turn. */
async function completed(loop: AbstractEventLoop, ending: Future<void>): Promise<void> {
  if (!(ending instanceof Future && ending.done())) await loop.runUntilComplete(ending);
}

type Left = Future<unknown[]> & { tasks: Task<any>[] };

function cancelAll(loop: AbstractEventLoop): Left | null {
  const tasks = [...allTasks(loop)];
  if (tasks.length === 0) return null;
  for (const task of tasks) task.cancel();
  return Object.assign(gather(tasks, { returnExceptions: true }), { tasks });
}

/** Collects the errors of the remaining tasks to throw them, or else reports them. */
function takeFailures(loop: AbstractEventLoop, left: Left, failures: unknown[]): void {
  left.result().forEach((exception, index) => {
    const task = left.tasks[index]!;
    if (task.cancelled() || task.exception() === null) return;
    if (isLostKept(loop)) {
      failures.push(exception);
      return;
    }
    const message = 'unhandled exception during run() shutdown';
    loop.callExceptionHandler({ message, exception, task });
  });
}

showsText(Runner);
