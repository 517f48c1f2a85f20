/** `toThread`: running a function in a thread. */
import type { Callable, ModuleWork, Work } from './executor.ts';
import type { Future } from '../../core/future/future.ts';
import { loopFor } from '../../core/context/running.ts';
import type { AbstractEventLoop } from '../../core/loop/abstract-event-loop.ts';

/**
 * Does work in a thread of the running loop's default executor, so that it does not block the loop.
 * The work is submitted within this call. Cancelling the future drops work that has not started;
 * work that has started continues. Context variables are not available in the thread, which has its
 * own memory: pass what the work needs as arguments.
 *
 * @param work - a self-contained function (it is sent as its source text, and sees its arguments
 *   and globals only), or `{ module, name }`, a function of a module
 * @param args - its arguments, copied as by `structuredClone`
 * @throws TypeError for work that cannot be done in a thread; DataCloneError naming an argument
 *   that cannot be copied; RuntimeError when no loop is running; (the future) what the work throws
 * @example
 * const primes = yield* toThread((limit: number) => {
 *   const found: number[] = [];
 *   for (let n = 2; n < limit; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
 *   return found;
 * }, 1000);
 */
export function toThread<A extends unknown[], R>(
  work: Callable<A, R>,
  ...args: A
): Future<Awaited<R>>;
export function toThread<R = any>(work: ModuleWork, ...args: unknown[]): Future<R>;
export function toThread(work: Work, ...args: unknown[]): Future<unknown> {
  return loopFor<AbstractEventLoop>('toThread()').runInExecutor(null, work as ModuleWork, ...args);
}
