/**
 * EventLoop: the loop on the native engine.
 *
 * C++ turns (submit, wait, reap) and fills the ready ring; `_dispatch` runs what stood in the ring
 * when it began, and is the only place that calls user code. Riding in Node's loop, C++ calls the
 * dispatch; owning the thread, `#runOwning` does.
 */
import type { NativeEngine } from '../native/binding.ts';
import { Rings } from '../native/rings.ts';
import type { Runnable } from '../native/rings.ts';
import { AbstractEventLoop } from './abstract-event-loop.ts';
import type { CompletionTarget, PostsTarget } from './completions.ts';
import type { Duration } from './duration.ts';
import type { EventLoopOptions } from './event-loop-options.ts';
import type { Future } from './future.ts';
import { Handle, TimerHandle } from './handle.ts';
import type { Callback } from './handle.ts';
import type { LoopMetrics } from './observe/metrics.ts';
import { Resolver } from './resolver.ts';
import type { Address } from './resolver.ts';
import { TimerTable } from './timers.ts';
import type { AwaitableLike } from './types.ts';
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
    /** @internal */ readonly _engine: NativeEngine;
    /** @internal */ readonly _rings: Rings;
    /** @internal */ readonly _timers: TimerTable;
    /** @internal */ readonly _resolver: Resolver;
    /** @internal */ _posts: PostsTarget | null;
    /** @internal What Ctrl-C calls while it owns the thread; null: it ends the process. */
    _interrupted: (() => void) | null;
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
    /** @internal Ends the run at once, with an error. */
    _interrupt(error: unknown): void;
    /**
     * Frees everything; descriptors are closed, tasks that are not done are reported and dropped.
     * A second close does nothing.
     * @throws RuntimeError while it is running
     */
    close(): void;
    [Symbol.dispose](): void;
    /** @internal Runs what is ready now; what that schedules is for the next turn. */
    _dispatch(): void;
    /** @internal */
    _enqueue(item: Runnable): void;
    /** @internal */
    _holdTime(change: number): void;
    /** @internal */
    _checkClosed(): void;
    /** @internal Sends a handle's completions to `target`; keeps the process alive. */
    _register(handle: number, generation: number, target: CompletionTarget): void;
    /** @internal */
    _unregister(handle: number): void;
    /** @internal A receive chunk. */
    _chunk(slot: number): Uint8Array;
    /** @internal Addresses of a host; a numeric one needs no lookup. */
    _resolve(host: string, port: number | string, family?: number, flags?: number): Future<Address[]>;
}
export type { CompletionTarget };
