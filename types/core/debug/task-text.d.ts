import type { Task } from '../task.ts';
/** `<Task pending name='x' coro=<f() running at file:1> wait_for=<Future pending>>` */
export declare function describeTask(task: Task<any>): string;
