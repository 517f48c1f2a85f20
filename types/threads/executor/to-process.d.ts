import type { Future } from '../../core/future/future.ts';
import type { Callable, ModuleWork } from './executor.ts';
/**
 * Does work in a child process, so that it does not block the loop, and cannot affect the memory of
 * this process or crash it. Like `toThread`, with two differences: arguments and results are copied
 * by `v8.serialize`, and work that is cancelled while it runs is terminated with its process.
 * (curio's `run_in_process`.)
 *
 * @param work - a self-contained function (it is sent as its source text, and sees its arguments
 *   and globals only), or `{ module, name }`, a function of a module
 * @throws TypeError for work that cannot be done in a process; DataCloneError naming an argument
 *   that cannot be copied; RuntimeError when no loop is running; (the future) what the work throws,
 *   RuntimeError when its process ends first
 * @example
 * const digest = yield* toProcess({ module: new URL('./hash.js', import.meta.url), name: 'hash' },
 * 'x');
 */
export declare function toProcess<A extends unknown[], R>(work: Callable<A, R>, ...args: A): Future<Awaited<R>>;
export declare function toProcess<R = any>(work: ModuleWork, ...args: unknown[]): Future<R>;
