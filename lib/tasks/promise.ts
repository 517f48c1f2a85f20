/** Using Promises in the generator lane. */
import { futureOfPromise } from '../core/task/coroutine.ts';
import { describe } from '../core/support/describe.ts';
import type { Future } from '../core/future/future.ts';
import { checkOptions } from '../core/support/options.ts';
import { loopFor } from '../core/context/running.ts';
import { abortWith, SIGNAL } from './abort.ts';
import type { SignalOptions } from './abort.ts';

/**
 * A future that settles as the Promise does. Cancelling the future does not stop the work behind
 * the Promise; pass `task.signal` to that work if it should stop as well.
 *
 * @throws TypeError when `thenable` has no `then` method; RuntimeError when no loop is running. The
 *   future fails as the Promise does, or with an AbortError when `signal` aborts
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
