/** Tasks that nobody waits for. */
import type { Task } from './task.ts';

/** Reports the error of the task, if it fails, to the loop's exception handler. */
export function reportEnd(task: Task<any>): void {
  // One that waits for nothing may have ended in its first step.
  if (task.done()) report(task);
  else task._addWaiter({ _looksOn: true, _wake: () => report(task) });
}

function report(task: Task<any>): void {
  if (task.cancelled()) return;
  const exception = task.exception();
  if (exception === null) return;
  task._loop.callExceptionHandler({ message: 'Daemon task failed', exception, task });
}
