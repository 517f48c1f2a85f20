/**
 * The loop that others are made from.
 *
 * To make one, extend `EventLoop` and change what you need; or extend this class and give the
 * methods that are abstract here. Futures, tasks, the exception handlers and `callLater` work on
 * those. Run callbacks inside `dispatching()`, so that they know which loop is running.
 */
import type { Runnable } from '../native/rings.ts';
import type { Duration } from './duration.ts';
import type { ExceptionContext, ExceptionHandler } from './exceptions.ts';
import { Future } from './future.ts';
import type { Callback, Handle, TimerHandle } from './handle.ts';
import { Task } from './task.ts';
import type { TaskOptions } from './task.ts';
import type { AwaitableLike, Coroutine } from './types.ts';
/** Makes the tasks of a loop in place of `new Task`. */
export type TaskFactory = (loop: AbstractEventLoop, coroutine: Coroutine<any>, options: TaskOptions) => Task<any>;
export declare abstract class AbstractEventLoop {
    #private;
    /** Seconds that a callback may take before debug mode warns. */
    slowCallbackDuration: number;
    /** @internal */ _debug: boolean;
    /** @internal */ _firstTask: Task<any> | null;
    /** Calls `callback(...args)` in the next turn; first in, first out. */
    abstract callSoon<A extends unknown[]>(callback: Callback<A>, ...args: A): Handle;
    /** Calls `callback(...args)` at `when` seconds on `time()`, never before. */
    abstract callAt<A extends unknown[]>(when: number, callback: Callback<A>, ...args: A): TimerHandle;
    /** Seconds on the loop's monotonic clock. */
    abstract time(): number;
    /** Runs until `stop()`. */
    abstract runForever(): Promise<void>;
    /** Runs until `awaitable` is done and gives its result. */
    abstract runUntilComplete<T>(awaitable: AwaitableLike<T>): Promise<T>;
    /** Ends `runForever` after the turn that is running. */
    abstract stop(): void;
    /** Frees everything; a closed loop cannot be used again. */
    abstract close(): void;
    abstract isRunning(): boolean;
    abstract isClosed(): boolean;
    /**
     * Calls `callback(...args)` after `delay` (seconds, or a string such as `'250ms'`), never before.
     * Equal deadlines run in the order they were made; a negative delay acts as 0.
     *
     * @throws TypeError, RangeError for what is no duration
     */
    callLater<A extends unknown[]>(delay: Duration, callback: Callback<A>, ...args: A): TimerHandle;
    /**
     * The same as `callSoon`: a loop belongs to the thread that made it, and no other thread can
     * reach this object.
     */
    callSoonThreadsafe<A extends unknown[]>(callback: Callback<A>, ...args: A): Handle;
    createFuture<T = unknown>(): Future<T>;
    /**
     * Starts a coroutine; its first step runs in the next turn.
     * @throws TypeError when it is no coroutine; RuntimeError when the loop is closed
     */
    createTask<T>(coroutine: Coroutine<T>, options?: TaskOptions): Task<T>;
    /** Sets what makes tasks; null: `new Task`. */
    setTaskFactory(factory: TaskFactory | null): void;
    getTaskFactory(): TaskFactory | null;
    getDebug(): boolean;
    /** Debug mode: sources of handles and futures, slow callbacks, callbacks that are coroutines. */
    setDebug(debug: boolean): void;
    /** Sets who hears of errors that nobody awaits; null: they go to stderr. */
    setExceptionHandler(handler: ExceptionHandler | null): void;
    getExceptionHandler(): ExceptionHandler | null;
    /** Writes the context to stderr. */
    defaultExceptionHandler(context: ExceptionContext): void;
    /** Tells the exception handler. Never throws, but for KeyboardInterrupt. */
    callExceptionHandler(context: ExceptionContext): void;
    /** Runs `body` as a part of this loop's turn: inside, this is the running loop. */
    protected dispatching<T>(body: () => T): T;
    /** @internal Puts something into the ready queue. */
    _enqueue(item: Runnable): void;
    /** @internal */
    _warn(message: string): void;
    /** @internal @throws RuntimeError once the loop is closed */
    _checkClosed(): void;
    /** @internal KeyboardInterrupt came up outside a turn. */
    _interrupt(error: unknown): void;
}
