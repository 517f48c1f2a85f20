/** Checks the options of a task. */
import { checkSignal } from '../support/abort-listeners.ts';
import { checkContext } from '../context/context.ts';
import { describe } from '../support/describe.ts';
import { checkGivenLoop } from '../context/given-loop.ts';
import { checkOptions } from '../support/options.ts';

const TASK_OPTIONS: readonly string[] = [
  'context',
  'daemon',
  'eagerStart',
  'loop',
  'name',
  'signal',
];

/** Null, like asyncio's None, means the default. @throws TypeError for unknown or wrong options */
export function checkTaskOptions(options: object): void {
  checkOptions('createTask()', options, TASK_OPTIONS);
  // Loops over the options that are present: testing five that mostly are not costs every task.
  for (const name in options) {
    const value = (options as Record<string, any>)[name];
    if (value !== undefined && value !== null) checkTaskOption(name, value);
  }
}

function checkTaskOption(name: string, value: any): void {
  switch (name) {
    case 'loop':
      return checkGivenLoop('createTask(): loop', value);
    case 'context':
      return checkContext(value);
    case 'signal':
      return checkSignal(value);
    case 'name':
      if (typeof value === 'string') return;
      throw new TypeError(`createTask(): name must be a string, got ${describe(value)}`);
    case 'daemon':
    case 'eagerStart':
      if (typeof value === 'boolean') return;
      throw new TypeError(`createTask(): ${name} must be true or false, got ${describe(value)}`);
  }
}
