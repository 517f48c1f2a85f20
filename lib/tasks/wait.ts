/** Waiting until some of several futures are done. */
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { isAwaitable } from '../core/loop/ensure-future.ts';
import { describe } from '../core/support/describe.ts';
import { toTimeout } from '../core/support/duration.ts';
import type { Duration } from '../core/support/duration.ts';
import { FAILED, Future, PENDING, RETRIEVED } from '../core/future/future.ts';
import type { Waiter } from '../core/future/future.ts';
import { Reservation } from '../core/future/reservation.ts';
import type { TimerHandle } from '../core/loop/handle.ts';
import { checkOptions } from '../core/support/options.ts';
import type { Runnable } from '../native/rings.ts';
import { abortWith } from './abort.ts';
import type { SignalOptions } from './abort.ts';

/** `wait` returns when one of the futures is done. */
export const FIRST_COMPLETED = 'FIRST_COMPLETED';
/**
 * `wait` returns when one of the futures has failed (a cancel is no failure), or when all are done.
 */
export const FIRST_EXCEPTION = 'FIRST_EXCEPTION';
/** `wait` returns when all futures are done. */
export const ALL_COMPLETED = 'ALL_COMPLETED';

/** When `wait` returns. */
export type ReturnWhen = typeof FIRST_COMPLETED | typeof FIRST_EXCEPTION | typeof ALL_COMPLETED;

/** Options of `wait`. */
export interface WaitOptions extends SignalOptions {
  /** Seconds, or a string with a unit, after which it returns in any case; no limit by default. */
  timeout?: Duration | null | undefined;
  /** When to return; `ALL_COMPLETED` by default. */
  returnWhen?: ReturnWhen | undefined;
}

/** The result of `wait`: the given futures, by whether they are done. */
export interface WaitResult<F> {
  done: Set<F>;
  pending: Set<F>;
}

/**
 * The sets are made when the waiting task resumes: every future that is done by then is in `done`.
 */
class Wait<F extends Future<any>> extends Reservation<WaitResult<F>> implements Waiter, Runnable {
  readonly #futures: ReadonlySet<F>;
  readonly #returnWhen: ReturnWhen;
  /**
   * @internal Waiting here does not mark errors as retrieved: the caller may never look at them.
   */
  readonly _looksOn = true;
  readonly #timer: TimerHandle | undefined;
  #left: number;
  #enqueued = false;

  constructor(
    loop: AbstractEventLoop,
    futures: ReadonlySet<F>,
    returnWhen: ReturnWhen,
    timeout: number | null,
  ) {
    super({ loop });
    this.#futures = futures;
    this.#returnWhen = returnWhen;
    this.#left = futures.size;
    if (timeout !== null) this.#timer = loop.callLater(timeout, () => this._run());
    for (const future of futures) {
      if (future._state === PENDING) future._addWaiter(this);
      else this._wake(future);
    }
  }

  /** @internal One of the futures is done; that is reported in the next turn. */
  _wake(future: Future<any>): void {
    this.#left--;
    if (this.#enqueued || !(this.#left === 0 || this.#endsWith(future))) return;
    this.#enqueued = true;
    this._loop._enqueue(this);
  }

  #endsWith(future: Future<any>): boolean {
    if (this.#returnWhen === FIRST_COMPLETED) return true;
    return (
      this.#returnWhen === FIRST_EXCEPTION &&
      (future._state === FAILED || future._state === RETRIEVED)
    );
  }

  /** @internal */
  _run(): void {
    if (this._state === PENDING) this._grant();
  }

  /**
   * @internal It takes no results: a lock that one of the futures has acquired stays acquired even
   *   if nobody reads the result.
   */
  override _passesOn(): boolean {
    return false;
  }

  override _claim(): WaitResult<F> {
    const result: WaitResult<F> = { done: new Set(), pending: new Set() };
    for (const future of this.#futures) {
      if (future.done()) result.done.add(future);
      else result.pending.add(future);
    }
    return result;
  }

  override _settle(state: number, value: unknown): void {
    this.#timer?.cancel();
    for (const future of this.#futures) {
      if (future._state === PENDING) future._removeWaiter(this);
    }
    super._settle(state, value);
  }
}

/**
 * Waits until the futures are done as `returnWhen` says. It cancels nothing, not even after the
 * timeout, and does not throw the errors of the futures: look at those in `done`. Cancelling the
 * wait does not affect them.
 *
 * @param futures - futures and tasks; one that is given twice counts once
 * @throws TypeError for a coroutine (make a task of it first) and wrong options; RangeError for an
 *   empty set, futures of different loops, or an unknown `returnWhen`; AbortError when `signal`
 *   aborts
 * @example
 * const { done, pending } = yield* wait(tasks, { returnWhen: FIRST_COMPLETED, timeout: '5s' });
 */
export function wait<F extends Future<any>>(
  futures: Iterable<F>,
  options: WaitOptions = {},
): Future<WaitResult<F>> {
  checkOptions('wait()', options, ['returnWhen', 'signal', 'timeout']);
  const { returnWhen = ALL_COMPLETED } = options;
  if (futures instanceof Future || (isAwaitable(futures) && !isIterator(futures))) {
    throw new TypeError('wait() takes an iterable of futures, got one awaitable');
  }
  checkIterable('wait()', futures);
  const all = new Set(futures);
  for (const future of all) {
    if (!(future instanceof Future)) {
      throw new TypeError(
        `wait() takes futures and tasks, got ${describe(future)}; ` +
          'make a task of a coroutine with createTask(), of a Promise with ensureFuture()',
      );
    }
  }
  if (![FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED].includes(returnWhen)) {
    throw new RangeError(
      `wait(): returnWhen must be FIRST_COMPLETED, FIRST_EXCEPTION or ` +
        `ALL_COMPLETED, got ${describe(returnWhen)}`,
    );
  }
  const [first] = all;
  if (first === undefined) throw new RangeError('wait(): there are no futures to wait for');
  for (const future of all) {
    if (future._loop !== first._loop) throw new RangeError('wait(): futures of different loops');
  }
  const seconds = toTimeout(options.timeout);
  return abortWith(new Wait(first.getLoop(), all, returnWhen, seconds), options.signal);
}

/**
 * @throws TypeError when `value` is not iterable; also for null, which the Set constructor would
 *   accept
 */
export function checkIterable(where: string, value: unknown): void {
  const iterable = value as Iterable<unknown> | null | undefined;
  if (typeof iterable?.[Symbol.iterator] === 'function') return;
  throw new TypeError(`${where} takes an iterable, got ${describe(value)}`);
}

/** A generator object counts as awaitable; here it may be an iterable of futures. */
function isIterator(value: unknown): boolean {
  return typeof (value as Iterator<unknown>).next === 'function';
}
