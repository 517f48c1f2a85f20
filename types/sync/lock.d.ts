import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import type { ScopeBody, ScopeRun } from '../tasks/scope.ts';
import { Guard } from './guard.ts';
import type { Guarded } from './guard.ts';
/**
 * A lock that one holds at a time. Fair: who has waited longest gets it next, and nobody can get in
 * between. Anyone may release it, and it cannot be acquired twice by the same task.
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
     * Acquires it. Gives a guard to release it with; `release()` does as well. Cancel-safe: a cancel
     * at any moment either leaves the lock to the next, or comes after the guard was given.
     *
     * @throws RuntimeError when tasks of another loop wait for it
     * @example
     * const guard = yield* lock.acquire();
     * try { … } finally { guard.release(); }
     */
    acquire(options?: SignalOptions): Future<Guard>;
    /** @throws RuntimeError when nobody holds it */
    release(): void;
    /** Runs the body with the lock held, and gives what it returns. */
    with<T>(body: ScopeBody<this, T>): ScopeRun<T>;
    toString(): string;
}
