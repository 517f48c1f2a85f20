import { AbstractEventLoop } from './abstract-event-loop.ts';
import type { CompletionTarget } from './completions.ts';
import type { Duration } from '../support/duration.ts';
import type { EventLoopOptions } from './event-loop-options.ts';
import { Handle, TimerHandle } from './handle.ts';
import type { Callback } from './handle.ts';
import type { LoopMetrics } from '../observe/metrics.ts';
import type { AwaitableLike } from '../support/types.ts';
/**
 * The event loop. As a guest it rides inside Node's own loop, beside timers, `fs` and `fetch`;
 * the `…Sync` methods own the thread instead.
 *
 * @example
 * const loop = new EventLoop();
 * loop.callSoon(() => loop.stop());
 * await loop.runForever();
 * loop.close();
 */
export declare class EventLoop extends AbstractEventLoop {
    #private;
    /** @throws Error with code `ERR_OXBOW_NO_BINARY` when there is no binary for this platform */
    constructor(options?: EventLoopOptions);
    /**
     * Counters and state of the loop at this moment, frozen; of a closed loop, the last ones. It
     * costs some microseconds, and one more for each hundred tasks.
     *
     * @example
     * const { utilization, lag } = loop.metrics();
     * console.log(`${utilization * 100} % busy, timers late by ${lag.p99} s at worst`);
     */
    metrics(): LoopMetrics;
    /** Name of the driver under it: `epoll`, `virtual`. */
    get driver(): string;
    time(): number;
    callSoon<A extends unknown[]>(callback: Callback<A>, ...args: A): Handle;
    callLater<A extends unknown[]>(delay: Duration, callback: Callback<A>, ...args: A): TimerHandle;
    callAt<A extends unknown[]>(when: number, callback: Callback<A>, ...args: A): TimerHandle;
    isRunning(): boolean;
    isClosed(): boolean;
    /** Runs as a guest of Node's loop until `stop()`; the Promise settles then. */
    runForever(): Promise<void>;
    /**
     * Runs until `awaitable` is done.
     * @throws what the awaitable throws; RuntimeError when `stop()` came first
     */
    runUntilComplete<T>(awaitable: AwaitableLike<T>): Promise<T>;
    /**
     * Owns the thread until `stop()`. Nothing of Node runs meanwhile: no Promise, no timer.
     * @throws DeadlockError when nothing could ever wake the loop
     */
    runForeverSync(): void;
    /** `runUntilComplete` that owns the thread and returns the result itself. */
    runUntilCompleteSync<T>(awaitable: AwaitableLike<T>): T;
    /** The turn that is running is the last; before a run: the run has exactly one. */
    stop(): void;
    /**
     * Frees everything; descriptors are closed, tasks that are not done are reported and dropped.
     * A second close does nothing.
     * @throws RuntimeError while it is running
     */
    close(): void;
    [Symbol.dispose](): void;
}
export type { CompletionTarget };
