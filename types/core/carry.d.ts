import type { Task } from './task.ts';
/**
 * Lets the loop call methods of `target` with the stores of whoever runs now. What a call enters
 * with `enterWith` ends with the call.
 */
export declare function carry(target: object, ...names: readonly ('_run' | '_complete')[]): void;
/**
 * The same for a task, and what one step enters stays for the later ones, as it stays after an
 * `await` of an async function.
 */
export declare function carryTask(task: Task<any>): void;
/** The same for a reaction of `then`; what is no function stays as it is. */
export declare function carried<T>(reaction: T): T;
