/** Handles: what `callSoon` and `callLater` return, and what the ready queue runs. */
import type { Runnable } from '../../native/rings.ts';
import { Context } from '../context/context.ts';
/** Any function that can be scheduled. */
export type Callback<A extends unknown[] = any[]> = (...args: A) => unknown;
/**
 * A callback that is waiting in the ready queue: what `callSoon` returns.
 *
 * @example
 * const handle = loop.callSoon(refresh);
 * handle.cancel(); // refresh is not called
 */
export declare class Handle implements Runnable {
    private constructor();
    /**
     * Cancels the call, even in the turn in which it would run. The callback and its arguments are
     * released at once. A second cancel does nothing.
     */
    cancel(): void;
    /** Whether `cancel` was called. */
    cancelled(): boolean;
    /** A copy of the context that the callback runs in. */
    getContext(): Context;
    /** Does nothing here: a callback in the ready queue always runs. Timers override it. */
    ref(): this;
    /** Does nothing here: only a timer can stop keeping the process alive. */
    unref(): this;
    toString(): string;
}
/** What a pending timer's handle calls: the timer table of its loop. */
export interface TimerOwner {
    cancel(handle: TimerHandle): void;
    keepAlive(slot: number, keep: boolean): void;
}
/** What `callLater` and `callAt` return. */
export interface TimerHandle extends Handle {
}
/**
 * A scheduled callback: what `callLater` and `callAt` return. It is a Handle (`instanceof` agrees),
 * but sets its fields itself: calling the constructor of a base class would double the cost of
 * creating a timer.
 */
export declare class TimerHandle {
    /**
     * For custom loops: `new TimerHandle(null, callback, args, when)`; once cancelled it runs
     * nothing.
     *
     * @param owner - the timer table of an EventLoop, which it calls while the timer is pending
     * @param when - seconds on the loop's clock
     */
    constructor(owner: TimerOwner | null, callback: Callback, args: unknown[] | undefined, when: number);
    /** When it is due, in seconds on `loop.time()`. */
    when(): number;
    cancel(): void;
    /** Lets the process exit although this timer is pending. */
    unref(): this;
    /** Undoes `unref`: the pending timer keeps the process alive. */
    ref(): this;
}
