import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { ScopeRun } from '../tasks/scope.ts';
import type { ScopeBody } from '../tasks/scope.ts';
import type { Guard } from './guard.ts';
import { Lock } from './lock.ts';
/**
 * A condition variable: tasks that hold the lock wait for others to change something.
 *
 * @example
 * const changed = new Condition();
 * yield* changed.with(function* () {
 *   yield* changed.waitFor(() => items.length > 0);
 * });
 */
export declare class Condition {
    #private;
    /** @param lock - by default one of its own; several conditions may share one */
    constructor(lock?: Lock | null);
    /** Whether its lock is held. */
    locked(): boolean;
    /** Acquires the lock, as `Lock.acquire` does. */
    acquire(options?: SignalOptions): Future<Guard>;
    /** @throws RuntimeError when nobody holds the lock */
    release(): void;
    /** Runs the body with the lock held, and gives what it returns. */
    with<T>(body: ScopeBody<this, T>): ScopeRun<T>;
    /**
     * Lets go of the lock, waits until it is notified, and takes the lock again; gives true. It may
     * also wake without a reason, so look again, or use `waitFor`. It has the lock when it ends, also
     * when it was cancelled: that may take as long as others hold it.
     *
     * @throws RuntimeError when the lock is not held
     */
    wait(options?: SignalOptions): Future<true>;
    /** Waits until the predicate gives something truthy, and gives that. */
    waitFor<T>(predicate: () => T, options?: SignalOptions): ScopeRun<T>;
    /**
     * Wakes up to `n` of those who wait; they go on one after the other, as they get the lock.
     * @throws RuntimeError when the lock is not held
     */
    notify(n?: number): void;
    /** Wakes all who wait. @throws RuntimeError when the lock is not held */
    notifyAll(): void;
    toString(): string;
}
