import type { Frame } from './frames.ts';
import { Future } from '../future.ts';
import type { Task } from '../task.ts';
/** Debug mode: the task calls its function. */
export declare function noteBegin(task: Task<any>, start: unknown): void;
/** Debug mode: an async function begins to wait for a future. */
export declare function noteLaneWait(task: Task<any>, future: Future<any>): void;
/**
 * Where a task is, innermost first: the frames in which it waits, or, of the running task, those
 * that are running. Without a file when only its function is known; none when nothing is known, or
 * when it is done.
 *
 * @param limit - at most so many, from the innermost
 */
export declare function taskFrames(task: Task<any>, limit?: number): Frame[];
/** Whether the task is taking a step right now, in either lane. */
export declare function isRunning(task: Task<any>): boolean;
/** The name of the task's function; empty when it is not known without a probe. */
export declare function coroutineName(task: Task<any>): string;
/**
 * The functions of this package in which a suspended task waits, innermost first, up to the user's;
 * a task that carries out a request, for example, has no others.
 */
export declare function taskCalls(task: Task<any>): string[];
/** The frames of the error with which a task has failed, innermost first. */
export declare function failureFrames(task: Task<any>): Frame[];
