/**
 * The user's own AsyncLocalStorage, carried on request (`asyncLocalStorage: true`).
 *
 * What runs from the ready queue is called by the loop and not by the code that scheduled it, so
 * Node does not know about the stores that were set there. A loop that carries them shadows the
 * method it will call with one that restores the stores first. A loop that does not carry them
 * pays one test of a flag when something is scheduled, and nothing when it runs.
 */
import { AsyncResource } from 'node:async_hooks';

import { captureStores } from './running.ts';
import type { TaskCore } from '../contract/task-core.ts';

type Method = (...args: any[]) => unknown;

/**
 * Makes the named methods of `target` run with the stores that are current now. A store that a
 * call sets with `enterWith` is undone when the call returns.
 */
export function bindStores(target: object, ...names: readonly ('_run' | '_complete')[]): void {
  const restore = captureStores();
  const methods = target as Partial<Record<string, Method>>;
  for (const name of names) {
    const method = methods[name];
    if (method === undefined) continue;
    methods[name] = (...args) => restore(() => inScopeOfItsOwn(() => method.apply(target, args)));
  }
}

/** On Node 20 and 22, `restore` alone does not undo `enterWith`: an async scope does. */
function inScopeOfItsOwn<T>(body: () => T): T {
  return new AsyncResource('OxbowCallback').runInAsyncScope(body);
}

/**
 * The same for a task, except that a store set by one step is still set in later steps, as it is
 * after an `await` in an async function.
 */
export function bindTaskStores(task: TaskCore): void {
  let restore = captureStores();
  const step = task._run;
  const stepAndKeep = (): void => {
    step.call(task);
    if (!task.done()) restore = captureStores();
  };
  task._run = () => restore(stepAndKeep);
}

/** The same for a callback given to `then`; anything but a function is returned unchanged. */
export function withStores<T>(reaction: T): T {
  if (typeof reaction !== 'function') return reaction;
  const restore = captureStores();
  return ((value: unknown) => restore(() => reaction(value))) as T;
}
