/**
 * Task: a coroutine that the loop drives. It is its own entry in the ready queue, so a step makes
 * no handle, and its own waiter, so awaiting a future makes no callback.
 *
 * The driver (`_run`) is the one place that resumes and suspends coroutines of the generator lane.
 * An `async` function drives itself; its task starts it, learns of its end, and knows through
 * `then()` which futures it waits for, so that a cancel can reach them.
 */
import type { LoopCore } from '../contract/loop-core.ts';
import type { TaskCore } from '../contract/task-core.ts';
import { Context } from '../context/context.ts';
import { Future } from '../future/future.ts';
import type { Waiter } from '../future/future.ts';
import type { Coroutine } from '../support/types.ts';
/** How a task is made. */
export interface TaskOptions {
    /** For messages; by default `Task-N`. */
    name?: string | null | undefined;
    /** The context to run in, shared with its other users; by default a copy of the current. */
    context?: Context | null | undefined;
    /** Runs the first step at once when the loop is running. */
    eagerStart?: boolean | null | undefined;
    /** Aborting it cancels the task. */
    signal?: AbortSignal | null | undefined;
    /**
     * Nobody will ask how it ends: an error is handed to the loop's exception handler as soon as it
     * is thrown. A `TaskGroup` does not wait for it, and cancels it when its other tasks have ended;
     * there an error counts as that of any child. False by default.
     */
    daemon?: boolean | null | undefined;
}
/**
 * A coroutine that the loop drives; awaiting the task gives what the coroutine returns.
 *
 * @example
 * const task = new Task(function* () { yield* sleep(1); return 'done'; });
 * yield* task; // 'done'
 */
export declare class Task<T = unknown> extends Future<T> implements TaskCore, Waiter {
    /**
     * @param coroutine - a generator object, a `function*` or `async` function, or a Promise
     * @param options - as for `createTask`; `loop` is by default the running one
     * @throws TypeError when it is no coroutine; RuntimeError when the loop is closed
     */
    constructor(coroutine: Coroutine<T>, options?: (TaskOptions & {
        loop?: LoopCore;
    }) | null);
    /** The name given at the making or by `setName`; else `Task-` and a number. */
    getName(): string;
    /** Sets the name, which texts and traces of the task show. */
    setName(name: string): void;
    /**
     * The coroutine it drives: a generator, or the function that has not been called yet. Null for an
     * `async` function that runs, and for a task that was done as soon as it was made.
     */
    getCoro(): Coroutine<T> | null;
    /** The context that its steps run in: what is set there, the task sees at its next step. */
    getContext(): Context;
    /**
     * Asks the task to end: a CancelledError is thrown where it waits. The coroutine may clean up,
     * and it may refuse; `cancelled()` tells once it is done.
     *
     * @param reason - travels to the CancelledError
     * @returns false when the task was done already, else true, also for the second and third call
     */
    cancel(reason?: unknown): boolean;
    /** How many cancel requests are outstanding. */
    cancelling(): number;
    /** Takes one cancel request back; the last one also takes back a cancel not yet delivered. */
    uncancel(): number;
    /**
     * Aborts when the task is asked to cancel, with the CancelledError as its reason: for foreign
     * Promises, `fetch(url, { signal: task.signal })`. `uncancel` cannot take that back.
     */
    get signal(): AbortSignal;
    setResult(_value: T): never;
    setException(_exception: unknown): never;
    toString(): string;
}
/** Whether `value` is a task. */
export declare function isTask(value: unknown): value is Task<unknown>;
