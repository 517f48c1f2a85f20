/** The text of a task, in asyncio's format. Making it never changes the task. */
import { createdAt } from '../support/describe.ts';
import type { Frame } from './frames.ts';
import { PENDING } from '../future/state.ts';
import type { FutureCore } from '../contract/future-core.ts';
import { coroutineName, taskFrames } from './task-frames.ts';
import type { TaskCore } from '../contract/task-core.ts';
import { describeWaiters } from '../future/waiters.ts';

/** A task's name; never throws, though a subclass may override `getName` with one that does. */
export function taskName(task: TaskCore): string {
  try {
    return String(task.getName());
  } catch {
    return 'Task';
  }
}

/** `<Task pending name='x' coro=<f() running at file:1> wait_for=<Future pending>>` */
export function describeTask(task: TaskCore): string {
  const [state, outcome] = stateOf(task);
  const wait = task._waiting === null ? '' : ` wait_for=${describeWait(task._waiting)}`;
  return (
    `<${task.constructor.name} ${state} name='${taskName(task)}'` +
    describeCoroutine(task) +
    wait +
    outcome +
    `${describeWaiters(task._waiter)}${createdAt(task._source())}>`
  );
}

function stateOf(task: TaskCore): [state: string, outcome: string] {
  if (task._state === PENDING) return [task._requests > 0 ? 'cancelling' : 'pending', ''];
  const [, state, outcome] = /^(\w+)([^]*)$/.exec(task._stateText())!;
  return [state!, outcome!];
}

/** The place shown is in the task's own function, which is the outermost frame. */
function describeCoroutine(task: TaskCore): string {
  const known = coroutineName(task);
  if (task._state !== PENDING) return known === '' ? '' : ` coro=<${known}() done>`;
  const frame: Frame | undefined = taskFrames(task).at(-1);
  const name = frame?.functionName ?? known;
  if (name === '') return '';
  const place =
    frame === undefined || frame.file === '' ? '' : ` running at ${frame.file}:${frame.line}`;
  return ` coro=<${name}()${place}>`;
}

/** A short form that does not recurse: two tasks may wait for each other. */
function describeWait(future: FutureCore): string {
  const name = 'getName' in future ? ` name='${taskName(future as TaskCore)}'` : '';
  return `<${future.constructor.name} ${future._stateText()}${name}>`;
}
