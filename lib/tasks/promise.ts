/** The way from Promises to the generator lane. */
import { futureOfPromise } from '../core/task/coroutine.ts';
import { describe } from '../core/support/describe.ts';
import type { Future } from '../core/future/future.ts';
import { checkOptions } from '../core/support/options.ts';
import { loopFor } from '../core/context/running.ts';
import { abortWith, SIGNAL } from './abort.ts';
import type { SignalOptions } from './abort.ts';

/**
 * A future that a Promise settles. Cancelling the future leaves the Promise to itself; hand
 * `task.signal` to whatever made it to stop that too.
 *
 * @throws TypeError when it is no Promise; RuntimeError when no loop is running
 * @example const answer = yield* promise(fetch(url));
 */
export function promise<T>(thenable: PromiseLike<T>, options: SignalOptions = {}): Future<T> {
  if (typeof (thenable as PromiseLike<T> | null)?.then !== 'function') {
    throw new TypeError(`promise(): ${describe(thenable)} is not a Promise`);
  }
  checkOptions('promise()', options, SIGNAL);
  const future = futureOfPromise(thenable, { loop: loopFor('promise()') });
  return abortWith(future, options.signal);
}
