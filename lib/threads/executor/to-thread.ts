/** The short way into a thread. */
import type { Callable, ModuleWork, Work } from './executor.ts';
import type { Future } from '../../core/future/future.ts';
import { loopFor } from '../../core/context/running.ts';
import type { AbstractEventLoop } from '../../core/loop/abstract-event-loop.ts';

/**
 * Does work in a thread of the running loop's default executor, so that the loop goes on meanwhile.
 * It has begun when the call returns. Context variables stay here: a thread has a memory of its
 * own, and their values cannot travel in general; hand over what the work needs.
 *
 * @param work - a self-contained function (it is sent as its source text, and sees its arguments
 *   and globals only), or `{ module, name }`, a function of a module
 * @param args - copied, as `structuredClone` does
 * @throws TypeError for what cannot be done in a thread; DataCloneError naming an argument that
 *   cannot travel; RuntimeError when no loop is running; the future: what the work throws
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
