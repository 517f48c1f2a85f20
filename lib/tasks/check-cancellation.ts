/** Checking for a cancel in code that computes without waiting. */
import { runningTask } from '../core/context/running.ts';
import type { Task } from '../core/task/task.ts';
import { THROW_CANCEL } from '../core/task/cancel.ts';
import { RuntimeError } from '../core/errors/errors.ts';

/**
 * Throws if the running task has a pending cancel, or is in a `CancelScope` that is cancelled or
 * whose deadline has passed; otherwise does nothing. It throws what the next wait would throw,
 * without waiting. Meant for long computations between two waits, in both lanes. Similar to curio's
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
