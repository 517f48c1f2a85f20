/** Cancelling a task and waiting for its end, in one call. */
import { runningTask } from '../core/context/running.ts';
import type { Task } from '../core/task/task.ts';
import { RuntimeError } from '../core/errors/errors.ts';
import { Future, PENDING } from '../core/future/future.ts';
import { describe } from '../core/support/describe.ts';
import { checkOptions } from '../core/support/options.ts';
import { abortWith } from './abort.ts';
import type { SignalOptions } from './abort.ts';
import { tasksAround } from './scope.ts';

/** Options of `cancelAndWait`. */
export interface CancelAndWaitOptions extends SignalOptions {
  /** Becomes the `reason` of the CancelledError, as with `task.cancel(reason)`. */
  reason?: unknown;
}

const NAMES: readonly string[] = ['reason', 'signal'];

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
export function cancelAndWait(
  task: Future<any>,
  options: CancelAndWaitOptions = {},
): Future<boolean> {
  if (!(task instanceof Future)) {
    throw new TypeError(`cancelAndWait() takes a task or future, got ${describe(task)}`);
  }
  checkOptions('cancelAndWait()', options, NAMES);
  const running = runningTask<Task<any>>();
  for (const around of running === null ? [] : tasksAround(running)) {
    if (around === task) throw new RuntimeError('cancelAndWait(): a task cannot wait for its end');
  }
  const ended = new Ended(task);
  task.cancel(options.reason);
  return abortWith(ended, options.signal);
}

/** Settles when the given future does, and retrieves its error. */
class Ended extends Future<boolean> {
  constructor(task: Future<any>) {
    super({ loop: task._loop });
    if (task._state === PENDING) task._addWaiter(this);
    else this._wake(task);
  }

  _wake(task: Future<any>): void {
    if (this._state !== PENDING) return;
    if (task.cancelled()) this.setResult(true);
    else {
      const error = task.exception();
      if (error === null) this.setResult(false);
      else this._fail(error);
    }
  }
}
