/** The way from Promises to the generator lane. */
import { futureOfPromise } from '../core/coroutine.ts';
import { describe } from '../core/describe.ts';
import type { Future } from '../core/future.ts';
import { checkOptions } from '../core/options.ts';
import { loopFor } from '../core/running.ts';
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
