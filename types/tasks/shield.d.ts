import { Future } from '../core/future/future.ts';
import type { AwaitableLike } from '../core/support/types.ts';
import type { SignalOptions } from './abort.ts';
/**
 * Waits for `awaitable`, but cancelling the wait does not cancel it: it continues, and if it fails
 * later the error goes to the loop's exception handler.
 *
 * @throws what `awaitable` throws; AbortError when `signal` aborts (`awaitable` continues);
 *   TypeError when it cannot be awaited; RuntimeError when no loop is running
 *
 * @example yield* shield(save(document));
 */
export declare function shield<T>(awaitable: AwaitableLike<T>, options?: SignalOptions): Future<T>;
