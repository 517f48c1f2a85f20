/** Waiting for a change of state that a lock protects. */
import type { LoopCore } from '../core/contract/loop-core.ts';
import { describe } from '../core/support/describe.ts';
import { RuntimeError } from '../core/errors/errors.ts';
import type { AbortError } from '../core/errors/errors.ts';
import { CANCELLED, PENDING } from '../core/future/future.ts';
import type { Future, Waiter } from '../core/future/future.ts';
import { checkOptions } from '../core/support/options.ts';
import { loopFor } from '../core/context/running.ts';
import { showsText } from '../core/support/shows-text.ts';
import type { Coro } from '../core/support/types.ts';
import { abortedBefore, onAbort, SIGNAL } from '../tasks/abort.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { ScopeRun } from '../tasks/scope.ts';
import type { ScopeBody } from '../tasks/scope.ts';
import type { Guard } from './guard.ts';
import { holding } from './holding.ts';
import { Lock } from './lock.ts';
import { Waiting, WaitList } from './wait-list.ts';

/**
 * One wait: until it is notified, and then until it holds the lock again. It always ends with the
 * lock held, also after a cancel or an abort.
 */
class ConditionWait extends Waiting<true> implements Waiter {
  readonly #condition: Condition;
  readonly #lock: Lock;
  #acquiring = false;
  #notified = false;
  #cancelled = false;
  #reason: unknown;
  readonly #guard: Guard;
  #abortion: AbortError | undefined;

  constructor(loop: LoopCore, condition: Condition, lock: Lock) {
    super({ loop });
    this.#condition = condition;
    this.#lock = lock;
    this.#guard = lock._guard!;
  }

  override cancel(reason?: unknown): boolean {
    if (this._state !== PENDING) return super.cancel(reason);
    this.#cancelled = true;
    this.#reason = reason;
    this.#reacquire();
    return true;
  }

  _abort(error: AbortError): void {
    if (this._state !== PENDING) return;
    this.#abortion = error;
    this.#reacquire();
  }

  _notify(): void {
    this.#notified = true;
    this.#reacquire();
  }

  #reacquire(): void {
    if (this.#acquiring) return;
    this.#acquiring = true;
    if (this._list !== null) this._list.remove(this);
    const lock = this.#lock._acquire(this._loop);
    if (lock.done()) this._wake(lock);
    else lock._addWaiter(this);
  }

  /** The lock is held again. */
  _wake(lock: Future<Guard>): void {
    lock.result();
    this.#lock._heldAgain(this.#guard);
    if (!this.#cancelled && this.#abortion === undefined) {
      this._grant();
      return;
    }
    // This wait cannot use the notification, so pass it on. After a cancel, another waiter is woken
    // even without a notification, as CPython does, so that the same program wakes the same tasks.
    if (this.#notified || this.#cancelled) this.#condition._notifyOne();
    if (this.#cancelled) this._settle(CANCELLED, this.#reason);
    else this._fail(this.#abortion);
  }

  override _claim(): true {
    return true;
  }

  override _release(): void {
    this.#condition._notifyOne();
  }
}

/**
 * A condition variable: tasks holding the lock wait for other tasks to change something.
 *
 * @example
 * const changed = new Condition();
 * yield* changed.with(function* () {
 *   yield* changed.waitFor(() => items.length > 0);
 * });
 */
export class Condition {
  readonly #lock: Lock;
  readonly #waiters: WaitList<ConditionWait> = new WaitList();

  /**
   * @param lock - by default a new lock; several conditions may share one. @throws TypeError when
   *   it is not a Lock
   */
  constructor(lock?: Lock | null) {
    if (lock !== undefined && lock !== null && !(lock instanceof Lock)) {
      throw new TypeError(`Condition: ${describe(lock)} is not a Lock`);
    }
    this.#lock = lock ?? new Lock();
  }

  /** Whether its lock is held. */
  locked(): boolean {
    return this.#lock.locked();
  }

  /** Acquires the lock; see `Lock.acquire`. */
  acquire(options: SignalOptions = {}): Future<Guard> {
    return this.#lock.acquire(options);
  }

  /** Releases the lock. @throws RuntimeError when nobody holds it */
  release(): void {
    this.#lock.release();
  }

  /** Runs the body with the lock held, and returns what it returns. */
  with<T>(body: ScopeBody<this, T>): ScopeRun<T> {
    return holding('condition.with()', this, body);
  }

  /**
   * Releases the lock, waits until it is notified, and acquires the lock again; returns true. It
   * may also wake for no reason, so check the state again, or use `waitFor`. The lock is always
   * held when it ends, even after a cancel or abort, which may therefore take as long as others
   * hold the lock.
   *
   * @throws RuntimeError when the lock is not held; AbortError when `signal` aborts
   */
  wait(options: SignalOptions = {}): Future<true> {
    checkOptions('wait()', options, SIGNAL);
    if (!this.#lock.locked()) throw new RuntimeError('cannot wait on un-acquired lock');
    const future = new ConditionWait(loopFor('wait()'), this, this.#lock);
    this.#waiters.push(future);
    this.#lock.release();
    if (options.signal) onAbort(future, options.signal, (error) => future._abort(error));
    return future;
  }

  /**
   * Waits, as `wait` does, until the predicate returns something truthy, and returns that. @throws
   * as `wait`; what the predicate throws; TypeError when it is not a function
   */
  waitFor<T>(predicate: () => T, options: SignalOptions = {}): ScopeRun<T> {
    if (typeof predicate !== 'function') {
      throw new TypeError(`waitFor(): ${describe(predicate)} is not a function`);
    }
    checkOptions('waitFor()', options, SIGNAL);
    abortedBefore(options.signal);
    return new ScopeRun(() => this.#waitFor(predicate, options));
  }

  *#waitFor<T>(predicate: () => T, options: SignalOptions): Coro<T> {
    let result = predicate();
    while (!result) {
      yield* this.wait(options);
      result = predicate();
    }
    return result;
  }

  /**
   * Wakes up to `n` waiting tasks, 1 by default; they continue one by one, as each gets the lock.
   * @throws RuntimeError when the lock is not held
   */
  notify(n = 1): void {
    if (!this.#lock.locked()) throw new RuntimeError('cannot notify on un-acquired lock');
    if (typeof n !== 'number') throw new TypeError(`notify(): ${describe(n)} is not a number`);
    if (Number.isNaN(n)) throw new RangeError('notify(): NaN is no number of waiters');
    for (let left = n; left >= 1 && this._notifyOne(); left--);
  }

  /** Wakes all waiting tasks. @throws RuntimeError when the lock is not held */
  notifyAll(): void {
    this.notify(this.#waiters.size);
  }

  /** @internal */
  _notifyOne(): boolean {
    const { first } = this.#waiters;
    first?._notify();
    return first !== null;
  }

  toString(): string {
    const waiters = this.#waiters.size === 0 ? '' : `, waiters:${this.#waiters.size}`;
    return `<${this.constructor.name} [${this.locked() ? 'locked' : 'unlocked'}${waiters}]>`;
  }
}

showsText(Condition);
