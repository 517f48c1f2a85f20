/** Counted permits. */
import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import type { ScopeBody, ScopeRun } from '../tasks/scope.ts';
import { Guard } from './guard.ts';
import type { Guarded } from './guard.ts';
/** How a semaphore is made. */
export interface SemaphoreOptions {
    /** Permits at the start; 1 by default. */
    value?: number | undefined;
}
/**
 * So many may hold it at a time. Fair: who has waited longest gets the next permit, and a permit
 * that is given goes straight to that one.
 *
 * @example
 * const slots = new Semaphore(10);
 * yield* slots.with(function* () { yield* fetchPage(url); });
 */
export declare class Semaphore implements Guarded {
    #private;
    /** @throws RangeError when the value is negative or no integer */
    constructor(value?: number | SemaphoreOptions, options?: Omit<SemaphoreOptions, 'value'>);
    /** Whether an `acquire()` would have to wait: no permit is left, or others wait already. */
    locked(): boolean;
    /** Takes a permit. Gives a guard to release it with; `release()` does as well. Cancel-safe. */
    acquire(options?: SignalOptions): Future<Guard>;
    /** Gives a permit back. */
    release(): void;
    /** Runs the body with a permit, and gives what it returns. */
    with<T>(body: ScopeBody<this, T>): ScopeRun<T>;
    toString(): string;
}
/**
 * A semaphore that knows how many permits there are: one release too many is a RangeError.
 *
 * @example
 * const slots = new BoundedSemaphore(10);
 * yield* slots.with(function* () { yield* fetchPage(url); });
 */
export declare class BoundedSemaphore extends Semaphore {
    /** @throws RangeError when every permit is back already */
    release(): void;
}
