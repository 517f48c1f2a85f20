import type { Task } from './task.ts';
/** @returns false when it was not done: too many are going on, the loop has to start this one */
export declare function runEagerly(eager: Task<any>): boolean;
