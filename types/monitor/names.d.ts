/**
 * What tasks and entries are called. Names may come from the user's own classes, and nothing may
 * be thrown inside of the dispatch or of a snapshot.
 */
import type { Task } from '../core/task.ts';
/** The result of a look that may throw. */
export declare function attempt<T>(look: () => T, otherwise: T): T;
export declare function taskName(task: Task<any>): string;
export declare function className(value: object): string;
