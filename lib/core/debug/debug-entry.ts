/** Debug mode: checks made after an entry of the ready queue has run. */
import type { Runnable } from '../../native/rings.ts';
import type { LoopCore } from '../contract/loop-core.ts';
import { createdAt, describe } from '../support/describe.ts';
import { isGenuineGenerator } from '../support/generators.ts';
import { PENDING } from '../future/state.ts';
import { Handle } from '../loop/handle.ts';
import type { Callback } from '../loop/handle.ts';
import { watchSwallow } from './swallowed.ts';
import { taskName } from './task-text.ts';
import type { TaskCore } from '../contract/task-core.ts';
import type { Waiter } from '../future/waiters.ts';

/** The callback of an entry, read before it runs: a handle that is cancelled drops it. */
export function callbackOf(item: Runnable): Callback | null {
  return item instanceof Handle ? item._callback : null;
}

/** Describes an entry that has run, with the callback it had; a task says where it is now. */
export function describeEntry(item: Runnable, callback: Callback | null): string {
  if (item instanceof Handle) return item._describe(callback);
  // The full text, not the shortened one of console.log(): the end of a long path matters here.
  if (isStep(item)) return String(item);
  const text = (item as Partial<Waiter>)._text?.();
  return text === undefined ? describe(item) : `<${item.constructor.name} ${text}>`;
}

/** Tests for a field that only tasks have, since this room may not import their class. */
function isStep(item: Runnable): item is TaskCore {
  return typeof (item as Partial<TaskCore>)._requests === 'number';
}

/** Checks an entry that has run. @param returned - what its callback returned */
export function checkEntry(loop: LoopCore, item: Runnable, returned: unknown): void {
  if (isStep(item)) watchSwallow(item);
  else if (isGenuineGenerator(returned)) {
    loop._warn(
      `${describe(item)} returned a generator object, which nobody runs: a coroutine is ` +
        'started by createTask()',
    );
  }
}

/** Checks the value that a task is about to end with. */
export function checkResult(task: TaskCore, value: unknown): void {
  const { _loop: loop } = task;
  if (task._state !== PENDING) return;
  if (task._requests > 0) {
    loop._warn(`${task} was cancelled and finished nevertheless: it swallowed a CancelledError`);
  }
  if (isGenuineGenerator(value)) {
    loop._warn(
      `a coroutine was never awaited: task '${taskName(task)}' returned a generator ` +
        `object${createdAt(task._source())}; write return yield* it, or ` +
        'return await createTask(it) in an async function',
    );
  }
}
