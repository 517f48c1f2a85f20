/**
 * Adds the executor methods to every loop, with threads as the default executor. Core must not
 * depend on threads, so the methods are added from here; importing `oxbow` does that.
 */
import type { Future } from '../../core/future/future.ts';
import { AbstractEventLoop } from '../../core/loop/abstract-event-loop.ts';
import type { Duration } from '../../core/support/duration.ts';
import type { Callable, Executor, ModuleWork } from './executor.ts';
declare module '../../core/loop/abstract-event-loop.ts' {
    interface AbstractEventLoop {
        /**
         * Does work elsewhere and returns a future of its result; the work is submitted within this
         * call. Cancelling the future drops work that has not started; work that has started continues,
         * and its result is ignored (`ThreadPoolExecutor({ terminateOnCancel: true })` terminates it).
         *
         * @param executor - the executor; null: the default one, which uses threads unless another was
         *   set
         * @param work - a self-contained function, `{ module, name }`, or whatever else the executor
         *   accepts
         * @throws TypeError when `executor` is not an executor or does not accept the work;
         *   DataCloneError for an argument that cannot be copied; RuntimeError when the loop is closed,
         *   or the executor was shut down; (the future) what the work throws, AbortError when the
         *   work's `signal` aborts
         * @example
         * const url = new URL('./hash.js', import.meta.url);
         * const digest = yield* loop.runInExecutor(null, { module: url, name: 'hash' }, 'data');
         */
        runInExecutor<A extends unknown[], R>(executor: Executor | null | undefined, work: Callable<A, R>, ...args: A): Future<Awaited<R>>;
        runInExecutor<R = any>(executor: Executor | null | undefined, work: ModuleWork, ...args: unknown[]): Future<R>;
        /**
         * Sets the executor of `runInExecutor(null, …)` and `toThread`.
         * @throws TypeError unless it has the methods `submit` and `shutdown`
         */
        setDefaultExecutor(executor: Executor): void;
        /**
         * Shuts down the default executor and waits for its work. From then on `runInExecutor(null, …)`
         * throws. `run` and `Runner` call it at the end, with a timeout of 300 seconds.
         *
         * @param timeout - seconds, or a string with a unit; none by default. After it a warning is
         *   emitted, and work still running in threads is terminated, since it would keep the process
         *   alive
         * @throws TypeError, RangeError when `timeout` is not a duration
         */
        shutdownDefaultExecutor(timeout?: Duration | null): Future<void>;
    }
}
