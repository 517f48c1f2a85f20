/** Handles: what `callSoon` and `callLater` give, and what the ready queue runs. */
import type { Runnable } from '../../native/rings.ts';
import { Context } from '../context/context.ts';
/** Any function that can be scheduled. */
export type Callback<A extends unknown[] = any[]> = (...args: A) => unknown;
/**
 * A callback that is waiting in the ready queue: what `callSoon` gives.
 *
 * @example
 * const handle = loop.callSoon(refresh);
 * handle.cancel(); // it is not called
 */
export declare class Handle implements Runnable {
    private constructor();
    /**
     * Takes the callback back, also when its turn has begun. The callback and its arguments are let
     * go of at once. A second cancel does nothing.
     */
    cancel(): void;
    /** Whether `cancel` was called. */
    cancelled(): boolean;
    /** A copy of the context that the callback runs in. */
    getContext(): Context;
    /** A callback in the ready queue always runs, so this changes nothing; timers override it. */
    ref(): this;
    /** The same: only a timer can stop keeping the process alive. */
    unref(): this;
    toString(): string;
}
/** What a pending timer's handle asks: the table of its loop. */
export interface TimerOwner {
    cancel(handle: TimerHandle): void;
    keepAlive(slot: number, keep: boolean): void;
}
/** What `callLater` and `callAt` give. */
export interface TimerHandle extends Handle {
}
/**
 * A callback that waits for its time. It is a Handle (`instanceof` says so), but sets its fields
 * itself: one is made for every timer, and calling the constructor of a base class would double
 * what that costs.
 */
export declare class TimerHandle {
    /**
     * For loops of one's own: `new TimerHandle(null, callback, args, when)`; a cancelled one runs
     * nothing.
     *
     * @param owner - the timer table of an EventLoop, told while the timer is pending
     * @param when - seconds on the loop's clock
     */
    constructor(owner: TimerOwner | null, callback: Callback, args: unknown[] | undefined, when: number);
    /** The time it is due, in seconds on `loop.time()`. */
    when(): number;
    cancel(): void;
    /** Lets the process end although this timer is still to come. */
    unref(): this;
    /** Takes `unref` back. */
    ref(): this;
}
