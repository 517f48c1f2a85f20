import { Future } from '../core/future/future.ts';
import type { AwaitableLike } from '../core/support/types.ts';
import type { SignalOptions } from './abort.ts';
/**
 * Waits for `awaitable`, but a cancel of the wait does not reach it: it goes on, and an error that
 * it has later goes to the loop's exception handler.
 *
 * @example yield* shield(save(document));
 */
export declare function shield<T>(awaitable: AwaitableLike<T>, options?: SignalOptions): Future<T>;
