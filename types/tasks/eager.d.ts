/** Tasks that start immediately. */
import type { AbstractEventLoop, TaskFactory } from '../core/loop/abstract-event-loop.ts';
import { Task } from '../core/task/task.ts';
import type { TaskOptions } from '../core/task/task.ts';
import type { Coroutine } from '../core/support/types.ts';
/** The constructor of `Task`, or of a class that extends it. */
export type TaskConstructor = new (coroutine: Coroutine<any>, options: TaskOptions & {
    loop: AbstractEventLoop;
}) => Task<any>;
/**
 * For `loop.setTaskFactory`: if the loop is running, a task runs up to its first wait inside
 * `createTask`. A task that ends there never enters the ready queue. `eagerStart: false` requests
 * the usual start. At most 200 tasks start nested inside each other, to protect the stack; further
 * ones are started by the loop.
 *
 * @example getRunningLoop().setTaskFactory(eagerTaskFactory);
 */
export declare const eagerTaskFactory: TaskFactory;
/**
 * The same for a custom task class. @throws TypeError when it is not a function
 *
 * @example loop.setTaskFactory(createEagerTaskFactory(TracedTask));
 */
export declare function createEagerTaskFactory(constructor: TaskConstructor): TaskFactory;
