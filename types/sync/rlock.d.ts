import type { Future } from '../core/future/future.ts';
import type { Task } from '../core/task/task.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import type { ScopeBody, ScopeRun } from '../tasks/scope.ts';
import { Guard } from './guard.ts';
import type { Guarded } from './guard.ts';
/**
 * A lock that belongs to the task that acquired it: that task may acquire it again, and it is free
 * when it was released as often. Only that task may release it. Fair, as `Lock` is. Whatever runs
 * in place of a task, such as the body of a scope in the async lane, counts as that task. As
 * `threading.RLock` of Python and `RLock` of curio.
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
    /** How often its owner has acquired it and not released it yet. */
    get count(): number;
    /**
     * Acquires it; done at once for the task that holds it. Gives a guard to release it with;
     * `release()` does as well. Cancel-safe: a cancel at any moment either leaves the lock to the
     * next, or comes after the guard was given.
     *
     * @throws RuntimeError outside a task, and when tasks of another loop wait for it
     * @example
     * const guard = yield* lock.acquire();
     * try { … } finally { guard.release(); }
     */
    acquire(options?: SignalOptions): Future<Guard>;
    /**
     * Takes one acquire back; with the last one, the task that has waited longest gets the lock.
     * @throws RuntimeError when the running task does not hold it
     */
    release(): void;
    /** Runs the body with the lock held, and gives what it returns. */
    with<T>(body: ScopeBody<this, T>): ScopeRun<T>;
    toString(): string;
}
