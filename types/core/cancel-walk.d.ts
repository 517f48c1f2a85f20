/**
 * How a cancel goes from a task to what it waits for, which may be a task that waits in turn.
 *
 * Such a chain can be longer than the stack is deep, so beyond some depth a task is put by until
 * those above it have returned. And it can come back to where it began, when tasks wait for each
 * other: the last of the circle is then taken off its wait, so that all of them end.
 */
import type { Future } from './future.ts';
import type { Task } from './task.ts';
/** A cancel that has not reached the coroutine yet. */
export declare const THROW_CANCEL = 1;
/** Whether the cancel that arrives at the task has come from it. */
export declare function comesBack(task: Task<any>): boolean;
/** Cancels everything that the task waits for; what cannot be, the task itself throws. */
export declare function passCancel(task: Task<any>): void;
/** Cancels a future that the task waits for. @returns whether the task hears of it from there */
export declare function cancelWait(task: Task<any>, future: Future<any>): boolean;
