/**
 * Puts executors on every loop, with threads as the default one. Core must not know of threads, so
 * the methods are added from here; importing `oxbow` does it.
 */
import type { Future } from '../../core/future/future.ts';
import { AbstractEventLoop } from '../../core/loop/abstract-event-loop.ts';
import type { Duration } from '../../core/support/duration.ts';
import type { Callable, Executor, ModuleWork, Work } from './executor.ts';
import { LoopExecutors } from './loop-executors.ts';

declare module '../../core/loop/abstract-event-loop.ts' {
  interface AbstractEventLoop {
    /**
     * Does work elsewhere and gives a future for its outcome; it has begun when the call returns.
     * Cancelling the future drops work that has not begun; what has begun goes on, and nobody hears
     * of it (`ThreadPoolExecutor({ terminateOnCancel: true })` ends it).
     *
     * @param executor - where; null: the default executor, threads unless another one was set
     * @param work - a self-contained function, `{ module, name }`, or what else the executor takes
     * @throws TypeError for anything but an executor, or no work for it; RuntimeError when the loop
     *   is closed, or the executor has been shut down; the future: what the work throws
     * @example
     * const url = new URL('./hash.js', import.meta.url);
     * const digest = yield* loop.runInExecutor(null, { module: url, name: 'hash' }, 'data');
     */
    runInExecutor<A extends unknown[], R>(
      executor: Executor | null | undefined,
      work: Callable<A, R>,
      ...args: A
    ): Future<Awaited<R>>;
    runInExecutor<R = any>(
      executor: Executor | null | undefined,
      work: ModuleWork,
      ...args: unknown[]
    ): Future<R>;

    /**
     * Sets where `runInExecutor(null, …)` and `toThread` do their work.
     * @throws TypeError for what has no `submit` and `shutdown`
     */
    setDefaultExecutor(executor: Executor): void;

    /**
     * Shuts the default executor down and waits for the work it has. From then on
     * `runInExecutor(null, …)` throws. `run` and `Runner` do it at the end, with 300 seconds.
     *
     * @param timeout - seconds or a string with its unit; none by default. When it is over there is
     *   a warning, and what still runs in a thread is ended, or it would keep the process alive
     * @throws TypeError, RangeError for anything but a duration
     */
    shutdownDefaultExecutor(timeout?: Duration | null): Future<void>;
  }
}

const loopPrototype = AbstractEventLoop.prototype;

loopPrototype.runInExecutor = function runInExecutor(
  executor: Executor | null | undefined,
  work: Work,
  ...args: unknown[]
): Future<any> {
  return executorsOf(this).run(executor, work, args);
};

loopPrototype.setDefaultExecutor = function setDefaultExecutor(executor) {
  executorsOf(this).setDefault(executor);
};

loopPrototype.shutdownDefaultExecutor = function shutdownDefaultExecutor(timeout) {
  return executorsOf(this).shutdown(timeout);
};

/** @internal Those of a loop; they are made when they are first needed. */
export function executorsOf(loop: AbstractEventLoop): LoopExecutors {
  if (loop._executors instanceof LoopExecutors) return loop._executors;
  return (loop._executors = new LoopExecutors(loop));
}
