import { AbstractEventLoop } from './abstract-event-loop.ts';
import type { CompletionTarget } from './completions.ts';
import type { Duration } from '../support/duration.ts';
import type { EventLoopOptions } from './event-loop-options.ts';
import { Handle, TimerHandle } from './handle.ts';
import type { Callback } from './handle.ts';
import type { LoopMetrics } from '../observe/metrics.ts';
import type { AwaitableLike } from '../support/types.ts';
/**
 * The event loop. Normally it runs as a guest inside Node's own loop, beside timers, `fs` and
 * `fetch`; the `…Sync` methods own the thread instead.
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
     * A frozen snapshot of the loop's counters and state; for a closed loop, the last one. It costs
     * a few microseconds, plus one for each hundred tasks.
     *
     * @example
     * const { utilization, lag } = loop.metrics();
     * console.log(`${utilization * 100} % busy, timers late by ${lag.p99} s at worst`);
     */
    metrics(): LoopMetrics;
    /** Name of the driver in use: `epoll`, `kqueue` or `virtual`. */
    get driver(): string;
    time(): number;
    callSoon<A extends unknown[]>(callback: Callback<A>, ...args: A): Handle;
    callLater<A extends unknown[]>(delay: Duration, callback: Callback<A>, ...args: A): TimerHandle;
    callAt<A extends unknown[]>(when: number, callback: Callback<A>, ...args: A): TimerHandle;
    isRunning(): boolean;
    isClosed(): boolean;
    /** Runs as a guest of Node's loop; the Promise resolves after `stop()`. */
    runForever(): Promise<void>;
    /**
     * Runs until `awaitable` is done, and resolves with its result.
     * @throws what the awaitable throws; RuntimeError when `stop()` was called before it was done
     */
    runUntilComplete<T>(awaitable: AwaitableLike<T>): Promise<T>;
    /**
     * Owns the thread until `stop()`. Nothing of Node runs meanwhile: no Promise reactions, no
     * timers.
     * @throws DeadlockError when nothing can ever wake the loop
     */
    runForeverSync(): void;
    /** `runUntilComplete` that owns the thread (see `runForeverSync`) and returns the result. */
    runUntilCompleteSync<T>(awaitable: AwaitableLike<T>): T;
    /** Ends the run after the current turn; called before a run, that run takes exactly one turn. */
    stop(): void;
    /**
     * Frees all resources: descriptors are closed, unfinished tasks are reported and dropped.
     * A second close does nothing.
     * @throws RuntimeError while it is running
     */
    close(): void;
    [Symbol.dispose](): void;
}
export type { CompletionTarget };
