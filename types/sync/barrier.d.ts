import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { ScopeRun } from '../tasks/scope.ts';
import type { ScopeBody } from '../tasks/scope.ts';
import type { Awaitable } from '../core/support/types.ts';
/** Options of `Barrier`. */
export interface BarrierOptions {
    /** How many tasks must arrive. */
    parties?: number | undefined;
}
/**
 * Tasks wait at a barrier until `parties` of them have arrived; then all continue, and it can be
 * used again. All are released at the same moment, so later arrivals wait for the next round.
 *
 * @example
 * const start = new Barrier(3);
 * const index = yield* start.wait(); // 0, 1 or 2: the order of arrival
 */
export declare class Barrier {
    #private;
    /** How many tasks must arrive. */
    readonly parties: number;
    /**
     * @throws RangeError when `parties` is not an integer of at least 1; TypeError when it is not a
     *   number
     */
    constructor(parties: number | BarrierOptions, options?: Omit<BarrierOptions, 'parties'>);
    /** How many tasks are waiting now. */
    get nWaiting(): number;
    /** Whether `abort()` has broken it and `reset()` has not mended it. */
    get broken(): boolean;
    /**
     * Waits for the others; returns the position in the order of arrival, from 0. Cancel-safe: a
     * cancelled task no longer counts, and the others keep waiting.
     *
     * @throws BrokenBarrierError when it is broken, or reset while this waits; AbortError when
     *   `signal` aborts; RuntimeError when tasks of another loop wait at it
     */
    wait(options?: SignalOptions): Future<number>;
    /**
     * Waits, then runs the body with the position in the order of arrival, and returns what it
     * returns. @throws as `wait`
     */
    with<T>(body: ScopeBody<number, T>): ScopeRun<T>;
    /**
     * Empties it: waiting tasks get a BrokenBarrierError. A broken barrier can be used again. All of
     * this is done when the call returns; the result may be awaited, as in asyncio, or ignored.
     */
    reset(): Awaitable<void>;
    /**
     * Breaks it: all tasks that wait, or arrive before a `reset()`, get a BrokenBarrierError. Like
     * `reset()`, it is done when the call returns.
     */
    abort(): Awaitable<void>;
    toString(): string;
}
