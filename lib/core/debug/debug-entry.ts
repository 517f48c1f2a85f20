/** Debug mode: what it looks at when an entry of the ready queue has run. */
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

/** What an entry may forget while it runs: a handle that is cancelled lets go of its callback. */
export function callbackOf(item: Runnable): Callback | null {
  return item instanceof Handle ? item._callback : null;
}

/** An entry that has run, as it was: a task says where it is now. */
export function describeEntry(item: Runnable, callback: Callback | null): string {
  if (item instanceof Handle) return item._describe(callback);
  // Whole, and not as short as console.log() shows it: a long path must not hide what took long.
  if (isStep(item)) return String(item);
  const text = (item as Partial<Waiter>)._text?.();
  return text === undefined ? describe(item) : `<${item.constructor.name} ${text}>`;
}

/** By what only tasks have: their class stands above this, and tells this of what happens. */
function isStep(item: Runnable): item is TaskCore {
  return typeof (item as Partial<TaskCore>)._requests === 'number';
}

/** An entry has run. @param returned - what its callback has returned */
export function checkEntry(loop: LoopCore, item: Runnable, returned: unknown): void {
  if (isStep(item)) watchSwallow(item);
  else if (isGenuineGenerator(returned)) {
    loop._warn(
      `${describe(item)} returned a generator object, which nobody runs: a coroutine is ` +
        'started by createTask()',
    );
  }
}

/** A task is about to end with this value. */
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
