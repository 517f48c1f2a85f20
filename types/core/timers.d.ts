import type { Rings } from '../native/rings.ts';
import type { TimerHandle, TimerOwner } from './handle.ts';
/**
 * What is said of a slot beyond its handle stands in typed arrays: a million pending timers are a
 * million small objects for the garbage collector to copy, so every field of one counts.
 */
export declare class TimerTable implements TimerOwner {
    #private;
    constructor(rings: Rings);
    /** How many timers are pending, with those that are due and have not run yet. */
    size(): number;
    /** Starts a timer for `handle._when` seconds. */
    add(handle: TimerHandle): void;
    /** Takes a timer back. */
    cancel(handle: TimerHandle): void;
    /** Takes the handle whose slot came out of the ready ring; none when it was cancelled. */
    take(slot: number): TimerHandle | undefined;
    /** Whether a pending timer keeps the process alive. */
    keepAlive(slot: number, keep: boolean): void;
}
