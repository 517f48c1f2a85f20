import type { LoopCore } from '../contract/loop-core.ts';
import type { Duration } from '../support/duration.ts';
import type { ExceptionContext, ExceptionHandler } from './exception-handler.ts';
import { Future } from '../future/future.ts';
import type { Callback, Handle, TimerHandle } from './handle.ts';
import { Task } from '../task/task.ts';
import type { TaskOptions } from '../task/task.ts';
import type { AwaitableLike, Coroutine } from '../support/types.ts';
import './install-get-loop.ts';
/** Creates the tasks of a loop in place of `new Task`. */
export type TaskFactory = (loop: AbstractEventLoop, coroutine: Coroutine<any>, options: TaskOptions) => Task<any>;
/**
 * What every loop can do: callbacks, futures, tasks, executors, the exception handler. `EventLoop`
 * adds I/O; a custom loop extends either class.
 *
 * @example
 * class CountingLoop extends EventLoop {
 *   scheduled = 0;
 *   override callSoon<A extends unknown[]>(callback: Callback<A>, ...args: A): Handle {
 *     this.scheduled++;
 *     return super.callSoon(callback, ...args);
 *   }
 * }
 * await run(main, { loopFactory: () => new CountingLoop() });
 */
export declare abstract class AbstractEventLoop implements LoopCore {
    #private;
    /** Calls `callback(...args)` in the next turn; first in, first out. */
    abstract callSoon<A extends unknown[]>(callback: Callback<A>, ...args: A): Handle;
    /** Calls `callback(...args)` at `when` seconds on `time()`, never before. */
    abstract callAt<A extends unknown[]>(when: number, callback: Callback<A>, ...args: A): TimerHandle;
    /** Seconds on the loop's monotonic clock. */
    abstract time(): number;
    /** Runs until `stop()`. */
    abstract runForever(): Promise<void>;
    /** Runs until `awaitable` is done and resolves with its result. */
    abstract runUntilComplete<T>(awaitable: AwaitableLike<T>): Promise<T>;
    /** Ends `runForever` after the current turn. */
    abstract stop(): void;
    /** Frees all resources; a closed loop cannot be used again. */
    abstract close(): void;
    /** Whether one of its `run…` methods is active. */
    abstract isRunning(): boolean;
    /** Whether `close()` was called; nothing can be scheduled then. */
    abstract isClosed(): boolean;
    /**
     * Calls `callback(...args)` after `delay` (seconds, or a string such as `'250ms'`), never before.
     * Callbacks with equal deadlines run in the order they were scheduled; a negative delay acts as
     * 0.
     *
     * @throws TypeError when `delay` is not a duration; RangeError when it is NaN
     */
    callLater<A extends unknown[]>(delay: Duration, callback: Callback<A>, ...args: A): TimerHandle;
    /**
     * As `callSoon`, for use in Node callbacks in the loop's own thread. Other threads cannot have
     * this object: `share` what they may call, and use `connectLoop` there.
     */
    callSoonThreadsafe<A extends unknown[]>(callback: Callback<A>, ...args: A): Handle;
    /** A new pending future of this loop. */
    createFuture<T = unknown>(): Future<T>;
    /**
     * Starts a coroutine; its first step runs in the next turn. A task factory gets the options
     * unchanged, including names that only it knows.
     *
     * @throws TypeError when it is not a coroutine, or the task factory does not return a task;
     *   RuntimeError when the loop is closed
     */
    createTask<T>(coroutine: Coroutine<T>, options?: TaskOptions): Task<T>;
    /**
     * Sets the function that creates tasks; null for `new Task`. @throws TypeError for other types
     */
    setTaskFactory(factory: TaskFactory | null): void;
    /** The function that creates tasks, or null for `new Task`. */
    getTaskFactory(): TaskFactory | null;
    /** Seconds that a callback may take before debug mode warns; 0.1 by default. */
    get slowCallbackDuration(): number;
    /** @throws RangeError for NaN and negative numbers; TypeError for anything but a duration */
    set slowCallbackDuration(duration: Duration);
    /** Whether debug mode is on. */
    getDebug(): boolean;
    /**
     * Switches debug mode: checks that are too expensive to have on always. It records where handles,
     * futures and tasks were created; warns about slow callbacks, scopes that were never awaited,
     * swallowed cancels, and durations that look like milliseconds; and throws for coroutines given
     * as callbacks and for calls on a loop while another one runs. It can be switched at any time,
     * and covers what is created from then on.
     */
    setDebug(debug: boolean): void;
    /** Sets the handler of errors that nobody awaits; null: they are written to stderr. */
    setExceptionHandler(handler: ExceptionHandler | null): void;
    /** The handler set by `setExceptionHandler`; null for the default. */
    getExceptionHandler(): ExceptionHandler | null;
    /** Writes the context to stderr. */
    defaultExceptionHandler(context: ExceptionContext): void;
    /**
     * Calls the exception handler. Never throws, except for KeyboardInterrupt and when `context` is
     * not an object.
     */
    callExceptionHandler(context: ExceptionContext): void;
    /**
     * Closes, concurrently, the async generators that started in this loop and are suspended at a
     * `yield`: their `finally` blocks run. `run` and `Runner` do this at the end. A generator that is
     * executing is closed at its next `yield`, which is waited for up to 0.1 seconds; one that starts
     * later only gets a warning. Errors they throw go to the exception handler, with the key
     * `asyncgen`.
     *
     * @example yield* loop.shutdownAsyncgens();
     */
    shutdownAsyncgens(): Future<void>;
    /** Runs `body` as part of this loop's turn: inside it, this is the running loop. */
    protected dispatching<T>(body: () => T): T;
    toString(): string;
}
