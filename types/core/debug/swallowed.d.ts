import type { Task } from '../task.ts';
/** A task is being cancelled. */
export declare function noteCancel(task: Task<any>): void;
/** A task has taken a step, or begins to wait in the async lane. */
export declare function watchSwallow(task: Task<any>): void;
