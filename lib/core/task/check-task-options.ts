/** What a task may be given. */
import { checkSignal } from '../support/abort-listeners.ts';
import { checkContext } from '../context/context.ts';
import { describe } from '../support/describe.ts';
import { checkGivenLoop } from '../loop/given-loop.ts';
import { checkOptions } from '../support/options.ts';

const TASK_OPTIONS: readonly string[] = ['context', 'eagerStart', 'loop', 'name', 'signal'];

/** Null is asyncio's None: by default. @throws TypeError for what is no option of a task */
export function checkTaskOptions(options: object): void {
  checkOptions('createTask()', options, TASK_OPTIONS);
  const { context, eagerStart, loop, name, signal } = options as Record<string, any>;
  if (given(loop)) checkGivenLoop('createTask(): loop', loop);
  if (given(context)) checkContext(context);
  if (given(signal)) checkSignal(signal);
  if (given(name) && typeof name !== 'string') {
    throw new TypeError(`createTask(): name must be a string, got ${describe(name)}`);
  }
  if (given(eagerStart) && typeof eagerStart !== 'boolean') {
    throw new TypeError(
      `createTask(): eagerStart must be true or false, got ${describe(eagerStart)}`);
  }
}

function given(option: unknown): boolean {
  return option !== undefined && option !== null;
}
