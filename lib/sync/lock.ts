/** Mutual exclusion. */
import type { LoopCore } from '../core/contract/loop-core.ts';
import { RuntimeError } from '../core/errors/errors.ts';
import type { Future } from '../core/future/future.ts';
import { loopFor } from '../core/context/running.ts';
import { showsText } from '../core/support/shows-text.ts';
import { abortedFirst, abortWith, NO_OPTIONS } from '../tasks/abort.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import type { ScopeBody, ScopeRun } from '../tasks/scope.ts';
import { Guard } from './guard.ts';
import type { Guarded } from './guard.ts';
import { holding } from './holding.ts';
import { failed, Waiting, WaitList } from './wait-list.ts';

class LockAcquire extends Waiting<Guard> {
  readonly #lock: Lock;

  constructor(lock: Lock, loop: LoopCore) {
    super({ loop });
    this.#lock = lock;
  }

  override _claim(): Guard {
    return this.#lock._hold();
  }

  override _release(): void {
    this.#lock._handOver();
  }
}

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
export class Lock implements Guarded {
  readonly #waiters: WaitList<LockAcquire> = new WaitList();
  #held: Guard | null = null;
  /** Promised to a waiter that has not resumed yet. */
  #promised = false;

  /** Whether it is held. */
  locked(): boolean {
    return this.#held !== null;
  }

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
  acquire(options: SignalOptions = NO_OPTIONS): Future<Guard> {
    const abortion = abortedFirst('acquire()', options);
    if (abortion !== null) return failed(abortion);
    return abortWith(this._acquire(loopFor('acquire()')), options.signal);
  }

  /** @internal The same on the given loop, which need not be running now. */
  _acquire(loop: LoopCore): Future<Guard> {
    const future = new LockAcquire(this, loop);
    if (this.#held === null && !this.#promised) {
      future._grant();
    } else {
      this.#waiters.push(future);
    }
    return future;
  }

  /** Releases it; the next waiter gets it. @throws RuntimeError when nobody holds it */
  release(): void {
    if (this.#held === null) throw new RuntimeError('Lock is not acquired.');
    this.#held = null;
    this._handOver();
  }

  /** Runs the body with the lock held, and returns what it returns. */
  with<T>(body: ScopeBody<this, T>): ScopeRun<T> {
    return holding('lock.with()', this, body);
  }

  /** @internal The task that it was promised to resumes. */
  _hold(): Guard {
    this.#promised = false;
    return (this.#held = new Guard(this));
  }

  /** @internal The current holder's guard. */
  get _guard(): Guard | null {
    return this.#held;
  }

  /**
   * @internal Acquired again at the end of a condition's wait: the guard from before the wait is
   *   valid again.
   */
  _heldAgain(guard: Guard): void {
    this.#held = guard;
  }

  /** @internal It is free: promises it to the next waiter, if any. */
  _handOver(): void {
    const { first } = this.#waiters;
    this.#promised = first !== null;
    if (first !== null) first._grant();
  }

  /** @internal */
  _releaseGuard(guard: Guard): boolean {
    if (this.#held !== guard) return false;
    this.release();
    return true;
  }

  toString(): string {
    const waiters = this.#waiters.size === 0 ? '' : `, waiters:${this.#waiters.size}`;
    return `<${this.constructor.name} [${this.locked() ? 'locked' : 'unlocked'}${waiters}]>`;
  }
}

showsText(Lock);
