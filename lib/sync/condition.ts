/** Waiting for a change that a lock protects. */
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
 * One wait: until it is notified, and then until it has the lock again. However it ends, by a
 * cancel or an abort too, it ends with the lock held.
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

  /** The lock is ours again. */
  _wake(lock: Future<Guard>): void {
    lock.result();
    this.#lock._heldAgain(this.#guard);
    if (!this.#cancelled && this.#abortion === undefined) {
      this._grant();
      return;
    }
    // The notification was for a waiter that can use it. After a cancel another one is woken in any
    // case, as CPython does it, so that what runs there wakes the same tasks here.
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
 * A condition variable: tasks that hold the lock wait for others to change something.
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

  /** @param lock - by default one of its own; several conditions may share one */
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

  /** Acquires the lock, as `Lock.acquire` does. */
  acquire(options: SignalOptions = {}): Future<Guard> {
    return this.#lock.acquire(options);
  }

  /** @throws RuntimeError when nobody holds the lock */
  release(): void {
    this.#lock.release();
  }

  /** Runs the body with the lock held, and gives what it returns. */
  with<T>(body: ScopeBody<this, T>): ScopeRun<T> {
    return holding('condition.with()', this, body);
  }

  /**
   * Lets go of the lock, waits until it is notified, and takes the lock again; gives true. It may
   * also wake without a reason, so look again, or use `waitFor`. It has the lock when it ends, also
   * when it was cancelled: that may take as long as others hold it.
   *
   * @throws RuntimeError when the lock is not held
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

  /** Waits until the predicate gives something truthy, and gives that. */
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
   * Wakes up to `n` of those who wait; they go on one after the other, as they get the lock.
   * @throws RuntimeError when the lock is not held
   */
  notify(n = 1): void {
    if (!this.#lock.locked()) throw new RuntimeError('cannot notify on un-acquired lock');
    if (typeof n !== 'number') throw new TypeError(`notify(): ${describe(n)} is not a number`);
    if (Number.isNaN(n)) throw new RangeError('notify(): NaN is no number of waiters');
    for (let left = n; left >= 1 && this._notifyOne(); left--);
  }

  /** Wakes all who wait. @throws RuntimeError when the lock is not held */
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
