/** Tasks that begin at once. */
import type { AbstractEventLoop, TaskFactory } from '../core/loop/abstract-event-loop.ts';
import { Task } from '../core/task/task.ts';
import type { TaskOptions } from '../core/task/task.ts';
import type { Coroutine } from '../core/support/types.ts';

/** Makes tasks: `Task` or a class that extends it. */
export type TaskConstructor = new (
  coroutine: Coroutine<any>,
  options: TaskOptions & { loop: AbstractEventLoop },
) => Task<any>;

/**
 * For `loop.setTaskFactory`: tasks run up to their first wait inside `createTask`, when the loop is
 * dispatching. One that ends there never enters the ready queue. `eagerStart: false` asks for the
 * usual start, and so does the stack: at most 200 begin inside of each other, the next one is
 * started by the loop.
 *
 * @example getRunningLoop().setTaskFactory(eagerTaskFactory);
 */
export const eagerTaskFactory: TaskFactory = createEagerTaskFactory(Task);

/**
 * The same for a task class of one's own. @throws TypeError when it is no class
 *
 * @example loop.setTaskFactory(createEagerTaskFactory(TracedTask));
 */
export function createEagerTaskFactory(constructor: TaskConstructor): TaskFactory {
  if (typeof constructor !== 'function') {
    throw new TypeError('createEagerTaskFactory() takes a class that extends Task');
  }
  return (loop, coroutine, options = {}) =>
    new constructor(coroutine, {
      ...options,
      loop,
      eagerStart: options.eagerStart ?? true,
    });
}
