/** A point where tasks wait for each other. */
import { BrokenBarrierError } from '../core/errors/errors.ts';
import { DONE } from '../core/future/future.ts';
import type { Future } from '../core/future/future.ts';
import { loopFor } from '../core/context/running.ts';
import { showsText } from '../core/support/shows-text.ts';
import { abortedFirst, abortWith } from '../tasks/abort.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { checkBody, runBody, ScopeRun } from '../tasks/scope.ts';
import type { ScopeBody } from '../tasks/scope.ts';
import type { Awaitable, Coro } from '../core/support/types.ts';
import { DONE_ALREADY } from '../core/future/done-already.ts';
import { givenOptions, numberOption } from './options.ts';
import { failed, Waiting, WaitList } from './wait-list.ts';

/** Options of `Barrier`. */
export interface BarrierOptions {
  /** How many tasks must arrive. */
  parties?: number | undefined;
}

class Arrival extends Waiting<number> {
  _index = 0;
}

/**
 * Tasks wait at a barrier until `parties` of them have arrived; then all continue, and it can be
 * used again. All are released at the same moment, so later arrivals wait for the next round.
 *
 * @example
 * const start = new Barrier(3);
 * const index = yield* start.wait(); // 0, 1 or 2: the order of arrival
 */
export class Barrier {
  /** How many tasks must arrive. */
  readonly parties: number;
  readonly #arrived: WaitList<Arrival> = new WaitList();
  #broken = false;

  /**
   * @throws RangeError when `parties` is not an integer of at least 1; TypeError when it is not a
   *   number
   */
  constructor(parties: number | BarrierOptions, options?: Omit<BarrierOptions, 'parties'>) {
    const given = givenOptions('Barrier', 'parties', parties, options, ['parties']);
    const count = numberOption('Barrier', 'parties', given, 0);
    if (count < 1) throw new RangeError('parties must be >= 1');
    if (!Number.isInteger(count)) throw new RangeError(`parties must be an integer, got ${count}`);
    this.parties = count;
  }

  /** How many tasks are waiting now. */
  get nWaiting(): number {
    return this.#arrived.size;
  }

  /** Whether `abort()` has broken it and `reset()` has not mended it. */
  get broken(): boolean {
    return this.#broken;
  }

  /**
   * Waits for the others; returns the position in the order of arrival, from 0. Cancel-safe: a
   * cancelled task no longer counts, and the others keep waiting.
   *
   * @throws BrokenBarrierError when it is broken, or reset while this waits; AbortError when
   *   `signal` aborts; RuntimeError when tasks of another loop wait at it
   */
  wait(options: SignalOptions = {}): Future<number> {
    const abortion = abortedFirst('wait()', options);
    if (abortion !== null) return failed(abortion);
    if (this.#broken) return failed(new BrokenBarrierError('Barrier aborted'));
    const future = new Arrival({ loop: loopFor('wait()') });
    future._index = this.#arrived.size;
    if (future._index + 1 === this.parties) {
      for (const waiter of this.#arrived.takeAll()) waiter._settle(DONE, waiter._index);
      future._settle(DONE, future._index);
      return future;
    }
    this.#arrived.push(future);
    return abortWith(future, options.signal);
  }

  /**
   * Waits, then runs the body with the position in the order of arrival, and returns what it
   * returns. @throws as `wait`
   */
  with<T>(body: ScopeBody<number, T>): ScopeRun<T> {
    checkBody('barrier.with()', body);
    return new ScopeRun(() => this.#with(body));
  }

  *#with<T>(body: ScopeBody<number, T>): Coro<T> {
    return yield* runBody('barrier.with()', body, yield* this.wait());
  }

  /**
   * Empties it: waiting tasks get a BrokenBarrierError. A broken barrier can be used again. All of
   * this is done when the call returns; the result may be awaited, as in asyncio, or ignored.
   */
  reset(): Awaitable<void> {
    this.#broken = false;
    this.#fail();
    return DONE_ALREADY;
  }

  /**
   * Breaks it: all tasks that wait, or arrive before a `reset()`, get a BrokenBarrierError. Like
   * `reset()`, it is done when the call returns.
   */
  abort(): Awaitable<void> {
    this.#broken = true;
    this.#fail();
    return DONE_ALREADY;
  }

  #fail(): void {
    for (const waiter of this.#arrived.takeAll()) {
      if (!waiter.done()) waiter._fail(new BrokenBarrierError('Abort or reset of barrier'));
    }
  }

  toString(): string {
    const state = this.#broken ? 'broken' : `filling, waiters:${this.nWaiting}/${this.parties}`;
    return `<${this.constructor.name} [${state}]>`;
  }
}

showsText(Barrier);
