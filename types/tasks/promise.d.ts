import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from './abort.ts';
/**
 * A future that settles as the Promise does. Cancelling the future does not stop the work behind
 * the Promise; pass `task.signal` to that work if it should stop as well.
 *
 * @throws TypeError when `thenable` has no `then` method; RuntimeError when no loop is running. The
 *   future fails as the Promise does, or with an AbortError when `signal` aborts
 * @example const answer = yield* promise(fetch(url));
 */
export declare function promise<T>(thenable: PromiseLike<T>, options?: SignalOptions): Future<T>;
