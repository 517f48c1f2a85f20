import type { LoopCore } from '../contract/loop-core.ts';
import type { Duration } from '../support/duration.ts';
import type { ExceptionContext, ExceptionHandler } from './exception-handler.ts';
import { Future } from '../future/future.ts';
import type { Callback, Handle, TimerHandle } from './handle.ts';
import { Task } from '../task/task.ts';
import type { TaskOptions } from '../task/task.ts';
import type { AwaitableLike, Coroutine } from '../support/types.ts';
import './install-get-loop.ts';
/** Makes the tasks of a loop in place of `new Task`. */
export type TaskFactory = (loop: AbstractEventLoop, coroutine: Coroutine<any>, options: TaskOptions) => Task<any>;
/**
 * What every loop can do: callbacks, futures, tasks, executors, the exception handler. `EventLoop`
 * extends it by the network; a loop of one's own extends either.
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
    /** Runs until `awaitable` is done and gives its result. */
    abstract runUntilComplete<T>(awaitable: AwaitableLike<T>): Promise<T>;
    /** Ends `runForever` after the turn that is running. */
    abstract stop(): void;
    /** Frees everything; a closed loop cannot be used again. */
    abstract close(): void;
    /** Whether it is in a `run…` call now. */
    abstract isRunning(): boolean;
    /** Whether `close()` was called; nothing can be scheduled then. */
    abstract isClosed(): boolean;
    /**
     * Calls `callback(...args)` after `delay` (seconds, or a string such as `'250ms'`), never before.
     * Equal deadlines run in the order they were made; a negative delay acts as 0.
     *
     * @throws TypeError, RangeError for anything but a duration
     */
    callLater<A extends unknown[]>(delay: Duration, callback: Callback<A>, ...args: A): TimerHandle;
    /**
     * As `callSoon`, for callbacks of Node in the loop's own thread. Another thread cannot have this
     * object: `share` what it may call and use `connectLoop` there.
     */
    callSoonThreadsafe<A extends unknown[]>(callback: Callback<A>, ...args: A): Handle;
    /** A future of this loop that is not done. */
    createFuture<T = unknown>(): Future<T>;
    /**
     * Starts a coroutine; its first step runs in the next turn. A task factory gets the options as
     * they are, also those that only it knows.
     *
     * @throws TypeError when it is no coroutine, or when the task factory gives no task;
     *   RuntimeError when the loop is closed
     */
    createTask<T>(coroutine: Coroutine<T>, options?: TaskOptions): Task<T>;
    /** Sets what makes tasks; null: `new Task`. */
    setTaskFactory(factory: TaskFactory | null): void;
    /** What makes tasks, or null when `new Task` does. */
    getTaskFactory(): TaskFactory | null;
    /** Seconds that a callback may take before debug mode warns; 0.1 unless it is set. */
    get slowCallbackDuration(): number;
    /** @throws RangeError for NaN and negative numbers; TypeError for anything but a duration */
    set slowCallbackDuration(duration: Duration);
    /** Whether it is in debug mode. */
    getDebug(): boolean;
    /**
     * Debug mode: checks that are too dear for every day. It tells where handles, futures and tasks
     * were made, and warns of slow callbacks, of what was never awaited, of swallowed cancels, of
     * durations that look like milliseconds; coroutines as callbacks and calls on a loop while
     * another one runs throw. It may be switched at any time, and sees what is made from then on.
     */
    setDebug(debug: boolean): void;
    /** Sets the handler of errors that are never retrieved; null: they go to stderr. */
    setExceptionHandler(handler: ExceptionHandler | null): void;
    /** What `setExceptionHandler` has set; null: the default. */
    getExceptionHandler(): ExceptionHandler | null;
    /** Writes the context to stderr. */
    defaultExceptionHandler(context: ExceptionContext): void;
    /**
     * Tells the exception handler. Never throws, but for KeyboardInterrupt and for a context that is
     * no object.
     */
    callExceptionHandler(context: ExceptionContext): void;
    /**
     * Closes the async generators that began in this loop and are left at a `yield`, at the same
     * time: their `finally` blocks are run. `run` and `Runner` do it at the end. One that is busy
     * closes at its next `yield`, which is waited for a tenth of a second; one that begins later is
     * only warned of. What they throw goes to the exception handler, with the key `asyncgen`.
     *
     * @example yield* loop.shutdownAsyncgens();
     */
    shutdownAsyncgens(): Future<void>;
    /** Runs `body` as a part of this loop's turn: inside, this is the running loop. */
    protected dispatching<T>(body: () => T): T;
    toString(): string;
}
