import { Future } from '../core/future/future.ts';
import type { SignalOptions } from './abort.ts';
/** Options of `cancelAndWait`. */
export interface CancelAndWaitOptions extends SignalOptions {
    /** Becomes the `reason` of the CancelledError, as with `task.cancel(reason)`. */
    reason?: unknown;
}
/**
 * Cancels a task or future and waits until it has ended, including its clean-up. Returns whether it
 * ended as cancelled: false if it was already done, or swallowed the cancel and returned.
 * Cancelling the wait does not affect the task further. Similar to curio's `Task.cancel`, which
 * also waits.
 *
 * @throws TypeError unless `task` is a task or future; RuntimeError for the running task, which
 *   would wait for its own end. The returned future fails with the error that the task ended with,
 *   or AbortError when `signal` aborts
 * @example
 * const cancelled = yield* cancelAndWait(worker, { reason: 'shutting down' });
 */
export declare function cancelAndWait(task: Future<any>, options?: CancelAndWaitOptions): Future<boolean>;
