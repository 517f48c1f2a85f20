import type { Duration } from '../core/support/duration.ts';
import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import type { Step } from '../tasks/step-iterator.ts';
/** How missed ticks are handled; see `IntervalOptions`. */
export type MissedTicks = 'burst' | 'delay' | 'skip';
/** Options of `interval`. */
export interface IntervalOptions extends SignalOptions {
    /**
     * What happens when the work between two ticks took longer than the period: `'burst'` (the
     * default, as tokio's) gives the missed ticks one after the other until it has caught up;
     * `'delay'` gives one and counts the period anew from then; `'skip'` gives one, and the next at
     * the next multiple of the period.
     */
    missedTicks?: MissedTicks | undefined;
    /** The time until the first tick: seconds, or a string with a unit; 0 (at once) by default. */
    start?: Duration | undefined;
}
/** Ticks at regular intervals. Created by `interval()`. */
export declare class Interval {
    #private;
    /** Seconds between two ticks. */
    readonly period: number;
    /** How missed ticks are handled; see `IntervalOptions`. */
    readonly missedTicks: MissedTicks;
    private constructor();
    /** The time of the next tick, in seconds on `loop.time()`; it may be in the past. */
    when(): number;
    get closed(): boolean;
    /**
     * Waits for the next tick and returns the time it was due, in seconds on `loop.time()`. A tick
     * that is already due still takes a turn of the loop, so that a program catching up with its
     * ticks lets other tasks run. Cancel-safe: after a cancel the tick is still to come.
     * @throws AbortError when the interval's signal aborts; RuntimeError when it is closed, or
     *   belongs to another loop
     */
    tick(): Future<number>;
    /**
     * Waits for the next tick: `{ value }`, or `{ done: true }` when the interval is closed.
     * Cancel-safe.
     */
    next(): Future<Step<number>>;
    /** Iterates over the times of the ticks, until the interval is closed. */
    [Symbol.asyncIterator](): AsyncIterableIterator<number, undefined>;
    /**
     * Restarts the interval: the next tick comes one period from now, also for tasks that are already
     * waiting.
     * @param after - a different time until the next tick: seconds, or a string with a unit
     * @throws TypeError, RangeError when `after` is not a finite duration
     */
    reset(after?: Duration): void;
    /** Ends it: waits for a tick get a RuntimeError, iterations end. A second call does nothing. */
    close(): void;
    [Symbol.dispose](): void;
    toString(): string;
}
/**
 * Ticks every `period`: the first tick at once (or after `start`), the others at multiples of the
 * period after it, however long the work in between takes.
 *
 * @param period - seconds, or a string with a unit; at least a nanosecond
 * @throws TypeError, RangeError when `period` is not such a duration or for wrong options;
 *   RuntimeError when no loop is running
 * @example
 * const ticks = interval('1s', { missedTicks: 'skip' });
 * while (true) {
 *   yield* ticks.tick();
 *   yield* poll();
 * }
 * @example
 * for await (const time of interval('1s', { signal })) await poll();
 */
export declare function interval(period: Duration, options?: IntervalOptions): Interval;
