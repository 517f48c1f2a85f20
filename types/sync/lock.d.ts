/** Mutual exclusion. */
import type { AbstractEventLoop } from '../core/abstract-event-loop.ts';
import type { Future } from '../core/future.ts';
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
    /** Whether somebody holds it. */
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
    /** @internal The same for a loop that need not be running now. */
    _acquire(loop: AbstractEventLoop): Future<Guard>;
    /** @throws RuntimeError when nobody holds it */
    release(): void;
    /** Runs the body with the lock held, and gives what it returns. */
    with<T>(body: ScopeBody<this, T>): ScopeRun<T>;
    /** @internal Whoever it was promised to goes on. */
    _hold(): Guard;
    /** @internal The guard of whoever holds it. */
    get _guard(): Guard | null;
    /** @internal Held again after a condition's wait: the guard from before is the one to release. */
    _heldAgain(guard: Guard): void;
    /** @internal It is free: the next one's turn. */
    _handOver(): void;
    /** @internal */
    _releaseGuard(guard: Guard): boolean;
    toString(): string;
}
