/** Running a main coroutine on a loop of its own, with Ctrl-C and a clean end. */
import { isMainThread } from 'node:worker_threads';

import type { AbstractEventLoop } from '../core/abstract-event-loop.ts';
import { Context } from '../core/context.ts';
import { newEventLoop } from '../core/current-loop.ts';
import { ensureFuture } from '../core/ensure-future.ts';
import { CancelledError, KeyboardInterrupt, RuntimeError } from '../core/errors.ts';
import { EventLoop } from '../core/event-loop.ts';
import { Future } from '../core/future.ts';
import { captureValues, runningLoop } from '../core/running.ts';
import { allTasks } from '../core/task-registry.ts';
import { Task } from '../core/task.ts';
import type { AwaitableLike, Coroutine } from '../core/types.ts';
import { gather } from './gather.ts';

export interface RunOptions {
  /** Debug mode; by default what OXBOW_DEBUG in the environment says. */
  debug?: boolean | undefined;
  /** Makes the loop; by default `newEventLoop`. */
  loopFactory?: (() => AbstractEventLoop) | undefined;
}

/**
 * Runs coroutines one after the other on one loop, in one context.
 *
 * @example
 * await using runner = new Runner();
 * await runner.run(first);
 * await runner.run(second);
 */
export class Runner {
  readonly #options: RunOptions;
  #loop: AbstractEventLoop | null = null;
  #context: Context | null = null;
  #closed = false;
  #aborted = false;

  constructor(options: RunOptions = {}) {
    this.#options = options;
  }

  /** The loop; made at the first call. @throws RuntimeError once the runner is closed */
  getLoop(): AbstractEventLoop {
    if (this.#closed) throw new RuntimeError('Runner is closed');
    if (this.#loop === null) {
      const { debug, loopFactory } = this.#options;
      this.#loop = loopFactory === undefined ? newEventLoop() : loopFactory();
      if (debug !== undefined) this.#loop.setDebug(debug);
      this.#context = new Context(captureValues());
    }
    return this.#loop;
  }

  /**
   * Runs `main` as a guest of Node's loop until it is done.
   *
   * The first Ctrl-C cancels it, and if it then ends cancelled the Promise is rejected with
   * KeyboardInterrupt; the second ends the loop at once.
   *
   * @throws what main throws; RuntimeError inside a running loop
   */
  async run<T>(
    main: AwaitableLike<T>, options: { context?: Context | undefined } = {},
  ): Promise<T> {
    const { loop, future } = this.#start(main, options.context);
    const interrupt = new Interrupt(loop, future);
    try {
      return await loop.runUntilComplete(future);
    } catch (error) {
      if (interrupt.count > 1) this.#aborted = true;
      throw interrupt.explain(error);
    } finally {
      interrupt.remove();
    }
  }

  /** The same, but owns the thread and returns the result. @throws DeadlockError also */
  runSync<T>(main: AwaitableLike<T>, options: { context?: Context | undefined } = {}): T {
    const { loop, future } = this.#start(main, options.context);
    return owning(loop).runUntilCompleteSync(future);
  }

  #start<T>(
    main: AwaitableLike<T>, context: Context | undefined,
  ): { loop: AbstractEventLoop; future: Future<T> } {
    if (runningLoop() !== null) {
      throw new RuntimeError('Runner.run() cannot be called from a running event loop');
    }
    const loop = this.getLoop();
    if (main instanceof Future) return { loop, future: ensureFuture(main, { loop }) };
    const own = context ?? this.#context!;
    if (typeof main !== 'function' && 'then' in main) {
      return { loop, future: own.run(() => ensureFuture(main, { loop })) };
    }
    return { loop, future: loop.createTask(main as Coroutine<T>, { context: own }) };
  }

  /** Cancels the tasks that are left, waits for them, and closes the loop. */
  async close(): Promise<void> {
    const loop = this.#beginClose();
    if (loop === null) return;
    try {
      const left = this.#aborted ? null : cancelAll(loop);
      if (left !== null) await loop.runUntilComplete(left);
      if (left !== null) reportFailures(loop, left);
    } finally {
      loop.close();
    }
  }

  /** `close` for a runner that owned the thread. */
  closeSync(): void {
    const loop = this.#beginClose();
    if (loop === null) return;
    try {
      const left = cancelAll(loop);
      if (left !== null) owning(loop).runUntilCompleteSync(left);
      if (left !== null) reportFailures(loop, left);
    } finally {
      loop.close();
    }
  }

  #beginClose(): AbstractEventLoop | null {
    const loop = this.#closed ? null : this.#loop;
    this.#closed = true;
    return loop;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.dispose](): void {
    this.closeSync();
  }
}

function owning(loop: AbstractEventLoop): EventLoop {
  if (loop instanceof EventLoop) return loop;
  throw new TypeError('only an EventLoop can own the thread; use run()');
}

type Left = Future<unknown[]> & { tasks: Task<any>[] };

function cancelAll(loop: AbstractEventLoop): Left | null {
  const tasks = [...allTasks(loop)];
  if (tasks.length === 0) return null;
  for (const task of tasks) task.cancel();
  return Object.assign(gather(tasks, { returnExceptions: true }), { tasks });
}

function reportFailures(loop: AbstractEventLoop, left: Left): void {
  left.result().forEach((exception, index) => {
    const task = left.tasks[index]!;
    if (task.cancelled() || task.exception() === null) return;
    const message = 'unhandled exception during run() shutdown';
    loop.callExceptionHandler({ message, exception, task });
  });
}

/** Ctrl-C while a main runs; only in the main thread, and only when nobody else listens. */
class Interrupt {
  count = 0;
  readonly #loop: AbstractEventLoop;
  readonly #main: Future<any>;
  readonly #listening: boolean;

  constructor(loop: AbstractEventLoop, main: Future<any>) {
    this.#loop = loop;
    this.#main = main;
    this.#listening = isMainThread && process.listenerCount('SIGINT') === 0;
    if (this.#listening) process.on('SIGINT', this.#interrupted);
  }

  readonly #interrupted = (): void => {
    this.count++;
    if (this.count === 1) this.#main.cancel();
    else this.#loop._interrupt(new KeyboardInterrupt());
  };

  remove(): void {
    if (this.#listening) process.removeListener('SIGINT', this.#interrupted);
  }

  /** The error of main, or KeyboardInterrupt when it ended by the first Ctrl-C. */
  explain(error: unknown): unknown {
    if (this.count === 0 || !(error instanceof CancelledError)) return error;
    const main = this.#main;
    return main instanceof Task && main.uncancel() > 0 ? error : new KeyboardInterrupt();
  }
}
