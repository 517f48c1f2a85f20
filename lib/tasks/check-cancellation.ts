/** A look at whether the running task is to end, for code that computes and does not wait. */
import { runningTask } from '../core/context/running.ts';
import type { Task } from '../core/task/task.ts';
import { THROW_CANCEL } from '../core/task/cancel.ts';
import { RuntimeError } from '../core/errors/errors.ts';

/**
 * Throws when the running task has been cancelled and has not received that yet, or is in a
 * `CancelScope` that is cancelled or whose deadline is over; else does nothing. A wait would throw
 * the same; this does not wait. For long computations between two waits, in both lanes. As curio's
 * `check_cancellation` and trio's `checkpoint_if_cancelled`.
 *
 * @throws CancelledError; RuntimeError outside a task
 * @example
 * for (const row of rows) {
 *   checkCancellation();
 *   digest(row);
 * }
 */
export function checkCancellation(): void {
  const task = runningTask<Task<any>>();
  if (task === null)
    throw new RuntimeError('checkCancellation() is for tasks, and none is running');
  if ((task._throwing & THROW_CANCEL) !== 0) throw task._takeCancel();
  const cancellation = task._extras?.watch?._cancellation(task._loop.time()) ?? null;
  if (cancellation !== null) throw cancellation.error();
}
