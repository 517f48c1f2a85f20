import type { Future } from '../core/future/future.ts';
import type { Task } from '../core/task/task.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import type { ScopeBody, ScopeRun } from '../tasks/scope.ts';
import { Guard } from './guard.ts';
import type { Guarded } from './guard.ts';
/**
 * A lock that belongs to the task that acquired it: that task may acquire it again, and it is free
 * once it was released as many times. Only that task may release it. Fair, like `Lock`. Code that
 * runs on behalf of a task, such as the body of a scope in the async lane, counts as that task.
 * Modelled on Python's `threading.RLock` and curio's `RLock`.
 *
 * @example
 * const lock = new RLock();
 * function* save() { yield* lock.with(function* () { yield* write(); }); }
 * yield* lock.with(function* () { yield* save(); });
 */
export declare class RLock implements Guarded {
    #private;
    /** Whether a task holds it. */
    locked(): boolean;
    /** The task that holds it, or null. */
    get owner(): Task<any> | null;
    /** How many acquires of its owner have not been released yet. */
    get count(): number;
    /**
     * Acquires it, waiting if another task holds it. Returns a guard to release it with; `release()`
     * does the same. Cancel-safe: after a cancel the lock is either left to the next waiter, or the
     * guard was already returned.
     *
     * @throws RuntimeError outside a task, and when tasks of another loop wait for it; AbortError
     *   when `signal` aborts
     * @example
     * const guard = yield* lock.acquire();
     * try { … } finally { guard.release(); }
     */
    acquire(options?: SignalOptions): Future<Guard>;
    /**
     * Undoes one acquire; after the last one, the task that has waited longest gets the lock.
     * @throws RuntimeError when the running task does not hold it
     */
    release(): void;
    /** Runs the body with the lock held, and returns what it returns. */
    with<T>(body: ScopeBody<this, T>): ScopeRun<T>;
    toString(): string;
}
