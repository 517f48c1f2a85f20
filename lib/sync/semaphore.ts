/** Counted permits. */
import type { Future } from '../core/future/future.ts';
import { loopFor } from '../core/context/running.ts';
import { showsText } from '../core/support/shows-text.ts';
import { abortedFirst, abortWith, NO_OPTIONS } from '../tasks/abort.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import type { ScopeBody, ScopeRun } from '../tasks/scope.ts';
import { Guard } from './guard.ts';
import type { Guarded } from './guard.ts';
import { holding } from './holding.ts';
import { givenOptions, numberOption } from './options.ts';
import { failed, Waiting, WaitList } from './wait-list.ts';

/** Options of `Semaphore` and `BoundedSemaphore`. */
export interface SemaphoreOptions {
  /** The initial number of permits; 1 by default. */
  value?: number | undefined;
}

class SemaphoreAcquire extends Waiting<Guard> {
  readonly #semaphore: Semaphore;

  constructor(semaphore: Semaphore) {
    super({ loop: loopFor('acquire()') });
    this.#semaphore = semaphore;
  }

  override _claim(): Guard {
    return new Guard(this.#semaphore);
  }

  override _release(): void {
    this.#semaphore._giveBack();
  }
}

/**
 * Limits how many tasks hold a permit at the same time. Fair: a released permit goes directly to
 * the task that has waited longest.
 *
 * @example
 * const slots = new Semaphore(10);
 * yield* slots.with(function* () { yield* fetchPage(url); });
 */
export class Semaphore implements Guarded {
  readonly #waiters: WaitList<SemaphoreAcquire> = new WaitList();
  #value: number;
  /** How many permits are taken. */
  #out = 0;

  /**
   * @throws RangeError when `value` is negative or not an integer (Infinity is allowed); TypeError
   *   when it is not a number
   */
  constructor(value?: number | SemaphoreOptions, options?: Omit<SemaphoreOptions, 'value'>) {
    const { name } = new.target;
    const given = givenOptions(name, 'value', value, options, ['value']);
    const permits = numberOption(name, 'value', given, 1);
    if (permits < 0) throw new RangeError('Semaphore initial value must be >= 0');
    if (permits !== Infinity && !Number.isInteger(permits)) {
      throw new RangeError(`Semaphore initial value must be an integer, got ${permits}`);
    }
    this.#value = permits;
  }

  /**
   * Whether an `acquire()` would have to wait: no permit is left, or others are already waiting.
   */
  locked(): boolean {
    return this.#value === 0 || this.#waiters.size > 0;
  }

  /**
   * Takes a permit, waiting for one if necessary. Returns a guard to release it with; `release()`
   * does the same. Cancel-safe. @throws AbortError when `signal` aborts
   */
  acquire(options: SignalOptions = NO_OPTIONS): Future<Guard> {
    const abortion = abortedFirst('acquire()', options);
    if (abortion !== null) return failed(abortion);
    const future = new SemaphoreAcquire(this);
    if (this.#value > 0) {
      this.#value--;
      this.#out++;
      future._grant();
      return future;
    }
    this.#waiters.push(future);
    return abortWith(future, options.signal);
  }

  /** Gives back a permit, which the next waiter gets. */
  release(): void {
    this._giveBack();
  }

  /** Runs the body while holding a permit, and returns what it returns. */
  with<T>(body: ScopeBody<this, T>): ScopeRun<T> {
    return holding('semaphore.with()', this, body);
  }

  /** @internal */
  _giveBack(): void {
    const { first } = this.#waiters;
    if (first !== null) {
      first._grant();
      return;
    }
    this.#value++;
    this.#out--;
  }

  /** @internal How many more permits were taken than returned. */
  _out(): number {
    return this.#out;
  }

  /** @internal */
  _releaseGuard(_guard: Guard): boolean {
    this.release();
    return true;
  }

  toString(): string {
    const state = this.locked() ? 'locked' : `unlocked, value:${this.#value}`;
    const waiters = this.#waiters.size === 0 ? '' : `, waiters:${this.#waiters.size}`;
    return `<${this.constructor.name} [${state}${waiters}]>`;
  }
}

/**
 * A semaphore that checks releases: one release too many is a RangeError.
 *
 * @example
 * const slots = new BoundedSemaphore(10);
 * yield* slots.with(function* () { yield* fetchPage(url); });
 */
export class BoundedSemaphore extends Semaphore {
  /** Gives back a permit. @throws RangeError when all permits have already been returned */
  override release(): void {
    if (this._out() <= 0) {
      throw new RangeError('BoundedSemaphore released too many times');
    }
    super.release();
  }
}

showsText(Semaphore);
