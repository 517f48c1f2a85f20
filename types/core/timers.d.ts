import type { Rings } from '../native/rings.ts';
import type { TimerHandle } from './handle.ts';
export declare class TimerTable {
    #private;
    constructor(rings: Rings);
    /** Starts a timer for `handle._when` seconds. */
    add(handle: TimerHandle): void;
    /** Takes a timer back. */
    cancel(handle: TimerHandle): void;
    /** Takes the handle whose slot came out of the ready ring; none when it was cancelled. */
    take(slot: number): TimerHandle | undefined;
}
