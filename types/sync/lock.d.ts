import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import type { ScopeBody, ScopeRun } from '../tasks/scope.ts';
import { Guard } from './guard.ts';
import type { Guarded } from './guard.ts';
/**
 * A lock with at most one holder. Fair: the task that has waited longest gets it next, and no other
 * can acquire it first. Any code may release it. A task that acquires it twice waits for itself;
 * see `RLock`.
 *
 * @example
 * const lock = new Lock();
 * yield* lock.with(function* () { yield* save(); });
 * @example
 * using held = await lock.acquire();
 */
export declare class Lock implements Guarded {
    #private;
    /** Whether it is held. */
    locked(): boolean;
    /**
     * Acquires it, waiting if necessary. Returns a guard to release it with; `release()` does the
     * same. Cancel-safe: after a cancel the lock is either left to the next waiter, or the guard was
     * already returned.
     *
     * @throws RuntimeError when tasks of another loop wait for it; AbortError when `signal` aborts
     * @example
     * const guard = yield* lock.acquire();
     * try { … } finally { guard.release(); }
     */
    acquire(options?: SignalOptions): Future<Guard>;
    /** Releases it; the next waiter gets it. @throws RuntimeError when nobody holds it */
    release(): void;
    /** Runs the body with the lock held, and returns what it returns. */
    with<T>(body: ScopeBody<this, T>): ScopeRun<T>;
    toString(): string;
}
