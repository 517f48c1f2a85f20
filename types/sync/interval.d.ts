import type { Duration } from '../core/support/duration.ts';
import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import type { Step } from '../tasks/step-iterator.ts';
/** What comes of ticks that nobody was there for. */
export type MissedTicks = 'burst' | 'delay' | 'skip';
/** How an interval is made. */
export interface IntervalOptions extends SignalOptions {
    /**
     * What happens when the work between two ticks took longer than the period: `'burst'` (the
     * default, as tokio's) gives the missed ticks one after the other until it has caught up;
     * `'delay'` gives one and counts the period anew from then; `'skip'` gives one, and the next at
     * the next multiple of the period.
     */
    missedTicks?: MissedTicks | undefined;
    /** How long until the first tick: seconds, or a string with its unit; 0 (at once) by default. */
    start?: Duration | undefined;
}
/** Ticks at even distances. `interval()` makes it. */
export declare class Interval {
    #private;
    /** Seconds between two ticks. */
    readonly period: number;
    /** What comes of ticks that nobody was there for. */
    readonly missedTicks: MissedTicks;
    private constructor();
    /** When the next tick is, in seconds on `loop.time()`; it may have passed already. */
    when(): number;
    get closed(): boolean;
    /**
     * Waits for the next tick, and gives the time it was meant for, in seconds on `loop.time()`. One
     * that is due takes a turn of the loop, so a late loop of ticks lets others go on. Cancel-safe:
     * once cancelled, the tick is still to come.
     * @throws AbortError when the interval's signal aborts; RuntimeError when it is closed
     */
    tick(): Future<number>;
    /** The next tick, or `{ done: true }` when the interval is closed. Cancel-safe. */
    next(): Future<Step<number>>;
    /** The times of the ticks, until it is closed. */
    [Symbol.asyncIterator](): AsyncIterableIterator<number, undefined>;
    /**
     * Counts anew: the next tick comes a period from now, also for those who wait already.
     * @param after - another time until the next tick: seconds, or a string with its unit
     */
    reset(after?: Duration): void;
    /** Gives no more ticks: a wait for one gets a RuntimeError, iterations end. Idempotent. */
    close(): void;
    [Symbol.dispose](): void;
    toString(): string;
}
/**
 * Ticks every `period`: the first at once (or after `start`), the others at even distances from it,
 * however long the work between them takes.
 *
 * @param period - seconds, or a string with its unit; at least a nanosecond
 * @throws TypeError, RangeError for anything but such a duration; RuntimeError when no loop is
 * running
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
