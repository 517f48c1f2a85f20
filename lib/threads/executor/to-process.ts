/** The short way into a child process. */
import { loopFor } from '../../core/context/running.ts';
import type { AbstractEventLoop } from '../../core/loop/abstract-event-loop.ts';
import type { Future } from '../../core/future/future.ts';
import type { Callable, ModuleWork, Work } from './executor.ts';
import { executorsOf } from './install-executor.ts';

/**
 * Does work in a child process, so that the loop goes on meanwhile and nothing that the work does
 * to its memory, or a crash, reaches this process. As `toThread`, with two differences: arguments
 * and results are copied as `v8.serialize` writes them, and work that is cancelled while it runs is
 * ended, with its process. (curio's `run_in_process`.)
 *
 * @param work - a self-contained function (it is sent as its source text, and sees its arguments
 *   and globals only), or `{ module, name }`, a function of a module
 * @throws TypeError for what cannot be done in a process; DataCloneError naming an argument that
 *   cannot travel; RuntimeError when no loop is running; the future: what the work throws,
 *   RuntimeError when its process ends before it
 * @example
 * const digest = yield* toProcess({ module: new URL('./hash.js', import.meta.url), name: 'hash' },
 * 'x');
 */
export function toProcess<A extends unknown[], R>(
  work: Callable<A, R>,
  ...args: A
): Future<Awaited<R>>;
export function toProcess<R = any>(work: ModuleWork, ...args: unknown[]): Future<R>;
export function toProcess(work: Work, ...args: unknown[]): Future<unknown> {
  const loop = loopFor<AbstractEventLoop>('toProcess()');
  loop._checkClosed();
  return loop.runInExecutor(executorsOf(loop).processes, work as ModuleWork, ...args);
}
