import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { ScopeRun } from '../tasks/scope.ts';
import type { ScopeBody } from '../tasks/scope.ts';
import type { Guard } from './guard.ts';
import { Lock } from './lock.ts';
/**
 * A condition variable: tasks holding the lock wait for other tasks to change something.
 *
 * @example
 * const changed = new Condition();
 * yield* changed.with(function* () {
 *   yield* changed.waitFor(() => items.length > 0);
 * });
 */
export declare class Condition {
    #private;
    /**
     * @param lock - by default a new lock; several conditions may share one. @throws TypeError when
     *   it is not a Lock
     */
    constructor(lock?: Lock | null);
    /** Whether its lock is held. */
    locked(): boolean;
    /** Acquires the lock; see `Lock.acquire`. */
    acquire(options?: SignalOptions): Future<Guard>;
    /** Releases the lock. @throws RuntimeError when nobody holds it */
    release(): void;
    /** Runs the body with the lock held, and returns what it returns. */
    with<T>(body: ScopeBody<this, T>): ScopeRun<T>;
    /**
     * Releases the lock, waits until it is notified, and acquires the lock again; returns true. It
     * may also wake for no reason, so check the state again, or use `waitFor`. The lock is always
     * held when it ends, even after a cancel or abort, which may therefore take as long as others
     * hold the lock.
     *
     * @throws RuntimeError when the lock is not held; AbortError when `signal` aborts
     */
    wait(options?: SignalOptions): Future<true>;
    /**
     * Waits, as `wait` does, until the predicate returns something truthy, and returns that. @throws
     * as `wait`; what the predicate throws; TypeError when it is not a function
     */
    waitFor<T>(predicate: () => T, options?: SignalOptions): ScopeRun<T>;
    /**
     * Wakes up to `n` waiting tasks, 1 by default; they continue one by one, as each gets the lock.
     * @throws RuntimeError when the lock is not held
     */
    notify(n?: number): void;
    /** Wakes all waiting tasks. @throws RuntimeError when the lock is not held */
    notifyAll(): void;
    toString(): string;
}
