import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from './abort.ts';
/**
 * A future that a Promise settles. Cancelling the future leaves the Promise to itself; hand
 * `task.signal` to whatever made it to stop that too.
 *
 * @throws TypeError when it is no Promise; RuntimeError when no loop is running
 * @example const answer = yield* promise(fetch(url));
 */
export declare function promise<T>(thenable: PromiseLike<T>, options?: SignalOptions): Future<T>;
