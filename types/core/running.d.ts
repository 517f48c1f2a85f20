import type { AbstractEventLoop } from './abstract-event-loop.ts';
import type { Task } from './task.ts';
/** Context variables and their values; never changed, always replaced. */
export type Values = ReadonlyMap<object, unknown>;
/** What a context is before anything was set in it. */
export declare const NO_VALUES: Values;
interface Current {
    loop: AbstractEventLoop | null;
    task: Task<any> | null;
    values: Values;
}
/** The innermost dispatch of this thread. */
export declare const current: Current;
/** Runs the start of an async function so that everything it awaits knows its task. */
export declare function runInLane<T>(task: Task<any>, body: () => T): T;
/** The task whose async function is going on right now, if any. */
export declare function laneTask(): Task<any> | undefined;
/** The running task, in either lane. */
export declare function runningTask(): Task<any> | null;
/** The running loop, in either lane. */
export declare function runningLoop(): AbstractEventLoop | null;
/**
 * The loop whose callback or coroutine is running.
 *
 * @throws RuntimeError when there is none: in a plain Node callback, or at module level
 */
export declare function getRunningLoop(): AbstractEventLoop;
/** The context variables of whoever runs now. */
export declare function captureValues(): Values;
/** Replaces the context variables of whoever runs now. */
export declare function replaceValues(values: Values): void;
export {};
