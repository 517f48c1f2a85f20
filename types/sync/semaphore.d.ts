/** Counted permits. */
import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import type { ScopeBody, ScopeRun } from '../tasks/scope.ts';
import { Guard } from './guard.ts';
import type { Guarded } from './guard.ts';
/** Options of `Semaphore` and `BoundedSemaphore`. */
export interface SemaphoreOptions {
    /** The initial number of permits; 1 by default. */
    value?: number | undefined;
}
/**
 * Limits how many tasks hold a permit at the same time. Fair: a released permit goes directly to
 * the task that has waited longest.
 *
 * @example
 * const slots = new Semaphore(10);
 * yield* slots.with(function* () { yield* fetchPage(url); });
 */
export declare class Semaphore implements Guarded {
    #private;
    /**
     * @throws RangeError when `value` is negative or not an integer (Infinity is allowed); TypeError
     *   when it is not a number
     */
    constructor(value?: number | SemaphoreOptions, options?: Omit<SemaphoreOptions, 'value'>);
    /**
     * Whether an `acquire()` would have to wait: no permit is left, or others are already waiting.
     */
    locked(): boolean;
    /**
     * Takes a permit, waiting for one if necessary. Returns a guard to release it with; `release()`
     * does the same. Cancel-safe. @throws AbortError when `signal` aborts
     */
    acquire(options?: SignalOptions): Future<Guard>;
    /** Gives back a permit, which the next waiter gets. */
    release(): void;
    /** Runs the body while holding a permit, and returns what it returns. */
    with<T>(body: ScopeBody<this, T>): ScopeRun<T>;
    toString(): string;
}
/**
 * A semaphore that checks releases: one release too many is a RangeError.
 *
 * @example
 * const slots = new BoundedSemaphore(10);
 * yield* slots.with(function* () { yield* fetchPage(url); });
 */
export declare class BoundedSemaphore extends Semaphore {
    /** Gives back a permit. @throws RangeError when all permits have already been returned */
    release(): void;
}
