/**
 * Task: a coroutine that the loop drives. It is its own entry in the ready queue, so a step makes
 * no handle, and its own waiter, so awaiting a future makes no callback.
 *
 * The driver (`_run`) is the one place that resumes and suspends coroutines of the generator lane.
 * An `async` function drives itself; its task starts it, is notified of its end, and learns through
 * `then()` which futures it waits for, so that a cancel can reach them.
 */
import type { LoopCore } from '../contract/loop-core.ts';
import type { TaskCore } from '../contract/task-core.ts';
import { Context } from '../context/context.ts';
import { Future } from '../future/future.ts';
import type { Waiter } from '../future/future.ts';
import type { Coroutine } from '../support/types.ts';
/** Options of `createTask` and `new Task`. */
export interface TaskOptions {
    /** The name shown in messages; by default `Task-N`. */
    name?: string | null | undefined;
    /** The context to run in, shared with its other users; by default a copy of the current one. */
    context?: Context | null | undefined;
    /** Runs the first step immediately if the loop is running. False by default. */
    eagerStart?: boolean | null | undefined;
    /** Aborting it cancels the task. */
    signal?: AbortSignal | null | undefined;
    /**
     * The task is a background task that nobody awaits: an error goes to the loop's exception handler
     * as soon as it is thrown. A `TaskGroup` does not wait for such a task, and cancels it when its
     * other tasks have ended; in a group its error counts as that of any child. False by default.
     */
    daemon?: boolean | null | undefined;
}
/**
 * A coroutine that the loop drives; awaiting the task gives the coroutine's result.
 *
 * @example
 * const task = new Task(function* () { yield* sleep(1); return 'done'; });
 * yield* task; // 'done'
 */
export declare class Task<T = unknown> extends Future<T> implements TaskCore, Waiter {
    /**
     * @param coroutine - a generator object, a `function*` or `async` function, or a Promise
     * @param options - as for `createTask`; `loop` is by default the running one
     * @throws TypeError when it is not a coroutine; RuntimeError when the loop is closed, or none is
     *   given, running or set
     */
    constructor(coroutine: Coroutine<T>, options?: (TaskOptions & {
        loop?: LoopCore;
    }) | null);
    /** The name given to `createTask` or `setName`; by default `Task-` and a number. */
    getName(): string;
    /** Sets the name that is shown in messages and traces. */
    setName(name: string): void;
    /**
     * The coroutine it drives: a generator, or the function that has not been called yet. Null for a
     * running `async` function, and for a task that was done in its eager first step.
     */
    getCoro(): Coroutine<T> | null;
    /** The context that its steps run in. A variable set there is visible from its next step on. */
    getContext(): Context;
    /**
     * Asks the task to end: a CancelledError is thrown where it waits. The coroutine may clean up,
     * and it may refuse; once it is done, `cancelled()` tells whether it was cancelled.
     *
     * @param reason - becomes the `reason` of the CancelledError
     * @returns false when the task was already done, else true, even if it was cancelled before
     */
    cancel(reason?: unknown): boolean;
    /** The number of cancel requests minus the number of `uncancel()` calls. */
    cancelling(): number;
    /**
     * Takes one cancel request back. When none is left, a cancel that was not delivered yet is
     * undone.
     * @returns the number of requests left
     */
    uncancel(): number;
    /**
     * Aborts when the task is cancelled, with the CancelledError as its reason. Pass it to foreign
     * calls: `fetch(url, { signal: task.signal })`. `uncancel` cannot undo that.
     */
    get signal(): AbortSignal;
    setResult(_value: T): never;
    setException(_exception: unknown): never;
    toString(): string;
}
/** Whether `value` is a task. */
export declare function isTask(value: unknown): value is Task<unknown>;
