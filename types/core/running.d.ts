import type { AbstractEventLoop } from './abstract-event-loop.ts';
import type { EventLoop } from './event-loop.ts';
import type { Task } from './task.ts';
/** Context variables and their values; never changed, always replaced. */
export type Values = ReadonlyMap<object, unknown>;
/** What a context is before anything was set in it. */
export declare const NO_VALUES: Values;
interface Current {
    loop: AbstractEventLoop | null;
    task: Task<any> | null;
    values: Values;
    /** The context whose `run` is on the stack, the innermost. */
    entered: object | null;
}
/** The innermost dispatch of this thread. */
export declare const current: Current;
/** Runs the start of an async function so that everything it awaits knows its task. */
export declare function runInLane<T>(task: Task<any>, body: () => T): T;
/** The task whose async function is going on right now, if any. */
export declare function laneTask(): Task<any> | undefined;
/** Calls `body` with the AsyncLocalStorage stores of the moment in which this was made. */
export type Restore = <T>(body: () => T) => T;
/**
 * The user's stores of whoever runs now. Which task of the async lane that is does not go with
 * them: what is scheduled is no part of that task.
 */
export declare function captureStores(): Restore;
/** The running task, in either lane. */
export declare function runningTask(): Task<any> | null;
/** The running loop, in either lane. */
export declare function runningLoop(): AbstractEventLoop | null;
/**
 * The loop whose callback or coroutine is running. Its type is the one that nearly all loops have;
 * who has made one of his own says so: `getRunningLoop<MyLoop>()`.
 *
 * @throws RuntimeError when there is none: in a plain Node callback, or at module level
 * @example getRunningLoop().callLater('1s', refresh);
 */
export declare function getRunningLoop<L extends AbstractEventLoop = EventLoop>(): L;
export declare function setLoopOfThread(loop: AbstractEventLoop | null): void;
/** The running loop, else the one of `setEventLoop`. */
export declare function presentLoop(): AbstractEventLoop | null;
/**
 * The loop for a call that needs one and was given none: the running one, else that of
 * `setEventLoop`, so that a tutorial's `loop.runUntilComplete(gather(a(), b()))` works.
 *
 * @param call - for the message: `sleep()`
 * @throws RuntimeError that says what to write, when there is neither
 */
export declare function loopFor<L extends AbstractEventLoop = EventLoop>(call: string): L;
/**
 * The same for a call that must be made inside a coroutine, as in asyncio.
 * @throws RuntimeError that says what to write, when no loop is running
 */
export declare function runningLoopFor<L extends AbstractEventLoop = EventLoop>(call: string): L;
/** The context variables of whoever runs now. */
export declare function captureValues(): Values;
/** Replaces the context variables of whoever runs now. */
export declare function replaceValues(values: Values): void;
export {};
