import type { Task } from './task.ts';
export declare function runEagerly(eager: Task<any>): void;
