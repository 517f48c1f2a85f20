import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { ScopeRun } from '../tasks/scope.ts';
import type { ScopeBody } from '../tasks/scope.ts';
import type { Awaitable } from '../core/support/types.ts';
/** How a barrier is made. */
export interface BarrierOptions {
    /** How many tasks have to arrive. */
    parties?: number | undefined;
}
/**
 * Tasks wait at it until `parties` of them are there; then all go on, and it can be used again. All
 * are let through at one moment, so later arrivals wait for the next round.
 *
 * @example
 * const start = new Barrier(3);
 * const index = yield* start.wait(); // 0, 1 or 2: the order of arrival
 */
export declare class Barrier {
    #private;
    /** How many tasks have to arrive. */
    readonly parties: number;
    /** @throws RangeError when `parties` is no integer of at least 1 */
    constructor(parties: number | BarrierOptions, options?: Omit<BarrierOptions, 'parties'>);
    /** How many wait now. */
    get nWaiting(): number;
    /** Whether `abort()` has broken it. */
    get broken(): boolean;
    /**
     * Waits for the others; gives the place in the order of arrival. A cancel takes this one away,
     * and the others go on waiting.
     *
     * @throws BrokenBarrierError when it is broken, or reset while this waits
     */
    wait(options?: SignalOptions): Future<number>;
    /** Waits, then runs the body with the place in the order of arrival. */
    with<T>(body: ScopeBody<number, T>): ScopeRun<T>;
    /**
     * Empties it: those who wait get a BrokenBarrierError. A broken one can be used again. It has
     * happened when the call returns; what that gives may be awaited, as in asyncio, or left.
     */
    reset(): Awaitable<void>;
    /**
     * Breaks it: all who wait, or come before a `reset()`, get a BrokenBarrierError. It
     * has happened when the call returns, as with `reset()`.
     */
    abort(): Awaitable<void>;
    toString(): string;
}
