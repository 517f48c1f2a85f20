import type { Task } from '../task.ts';
/** Its name, for texts: a class of the user's may throw there, where nobody could catch it. */
export declare function taskName(task: Task<any>): string;
/** `<Task pending name='x' coro=<f() running at file:1> wait_for=<Future pending>>` */
export declare function describeTask(task: Task<any>): string;
