import { Future } from '../core/future/future.ts';
import type { SignalOptions } from './abort.ts';
/** What goes with a cancel. */
export interface CancelAndWaitOptions extends SignalOptions {
    /** Travels to the CancelledError, as what `task.cancel(reason)` is given. */
    reason?: unknown;
}
/**
 * Cancels a task or future and waits until it has ended, clean-up included. Gives whether it ended
 * cancelled: false for one that was done before, or swallowed the cancel and returned. Cancelling
 * the wait leaves the task to itself. As curio's `Task.cancel`, which waits too.
 *
 * @throws TypeError for anything but a future; RuntimeError for the running task, whose end it
 *   would wait for itself; the future: the error that the task ended with, AbortError by `signal`
 * @example
 * const cancelled = yield* cancelAndWait(worker, { reason: 'shutting down' });
 */
export declare function cancelAndWait(task: Future<any>, options?: CancelAndWaitOptions): Future<boolean>;
