/**
 * The user's own AsyncLocalStorage, carried on request (`asyncLocalStorage: true`).
 *
 * What runs from the ready queue is called by the loop and not by the code that scheduled it, so
 * Node knows nothing of the stores that were set there. A loop that carries them gives the object
 * that it will call a method of its own, which puts them back around the usual one: a loop that
 * does not pays one test of a flag where something is scheduled, and nothing where it runs.
 */
import { AsyncResource } from 'node:async_hooks';

import { captureStores } from './running.ts';
import type { TaskCore } from '../contract/task-core.ts';

type Method = (...args: any[]) => unknown;

/**
 * Lets the loop call methods of `target` with the stores of the code that runs now. What a call
 * enters with `enterWith` ends with the call.
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

/** On Node 20 and 22, what is entered stays with the scope that `restore` opens each time. */
function inScopeOfItsOwn<T>(body: () => T): T {
  return new AsyncResource('OxbowCallback').runInAsyncScope(body);
}

/**
 * The same for a task, and what one step enters stays for the later ones, as it stays after an
 * `await` of an async function.
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

/** The same for a reaction of `then`; anything but a function is left as it is. */
export function withStores<T>(reaction: T): T {
  if (typeof reaction !== 'function') return reaction;
  const restore = captureStores();
  return ((value: unknown) => restore(() => reaction(value))) as T;
}
