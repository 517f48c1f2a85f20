/**
 * Ticks at regular intervals; modelled on tokio's interval.
 *
 * The time of a tick is computed from the start, not from the previous tick, so it does not drift.
 * There is a timer only while a task waits: an interval without a waiter costs nothing, and how to
 * handle missed ticks is decided when the next one is taken.
 */
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { describe } from '../core/support/describe.ts';
import { toSeconds } from '../core/support/duration.ts';
import type { Duration } from '../core/support/duration.ts';
import { RuntimeError } from '../core/errors/errors.ts';
import type { Future } from '../core/future/future.ts';
import type { Handle } from '../core/loop/handle.ts';
import { checkOptions } from '../core/support/options.ts';
import { loopFor } from '../core/context/running.ts';
import { showsText } from '../core/support/shows-text.ts';
import { abortedBefore, abortWith } from '../tasks/abort.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { StepIterator } from '../tasks/step-iterator.ts';
import type { Step } from '../tasks/step-iterator.ts';
import { NextStep } from './next-step.ts';
import { failed, Waiting, WaitList } from './wait-list.ts';

/** How missed ticks are handled; see `IntervalOptions`. */
export type MissedTicks = 'burst' | 'delay' | 'skip';

/** Options of `interval`. */
export interface IntervalOptions extends SignalOptions {
  /**
   * What happens when the work between two ticks took longer than the period: `'burst'` (the
   * default, as tokio's) gives the missed ticks one after the other until it has caught up;
   * `'delay'` gives one and counts the period anew from then; `'skip'` gives one, and the next at
   * the next multiple of the period.
   */
  missedTicks?: MissedTicks | undefined;
  /** The time until the first tick: seconds, or a string with a unit; 0 (at once) by default. */
  start?: Duration | undefined;
}

/** The error of a closed interval; a separate class, so that an iteration can recognise its end. */
class IntervalClosed extends RuntimeError {}

class Tick extends Waiting<number> {
  readonly #interval: Interval;

  constructor(interval: Interval, loop: AbstractEventLoop) {
    super({ loop });
    this.#interval = interval;
  }

  override _claim(): number {
    return this.#interval._collectTick();
  }

  override _release(): void {
    this.#interval._revokeTick();
  }

  override _settle(state: number, value: unknown): void {
    super._settle(state, value);
    this.#interval._waitsNoLonger();
  }
}

/** Ticks at regular intervals. Created by `interval()`. */
export class Interval {
  /** Seconds between two ticks. */
  readonly period: number;
  /** How missed ticks are handled; see `IntervalOptions`. */
  readonly missedTicks: MissedTicks;
  readonly #loop: AbstractEventLoop;
  readonly #signal: AbortSignal | null | undefined;
  readonly #waiting: WaitList<Tick> = new WaitList();
  /** The next tick is at `base + count * period`. */
  #base: number;
  #count = 0;
  #timer: Handle | null = null;
  /** A tick is promised to a task that has not resumed yet. */
  #promised = false;
  #closed = false;

  /** @internal */
  constructor(
    period: number,
    missedTicks: MissedTicks,
    start: number,
    signal?: AbortSignal | null,
  ) {
    this.period = period;
    this.missedTicks = missedTicks;
    this.#loop = loopFor('interval()');
    this.#base = this.#loop.time() + Math.max(0, start);
    this.#signal = signal;
  }

  /** The time of the next tick, in seconds on `loop.time()`; it may be in the past. */
  when(): number {
    return this.#base + this.#count * this.period;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Waits for the next tick and returns the time it was due, in seconds on `loop.time()`. A tick
   * that is already due still takes a turn of the loop, so that a program catching up with its
   * ticks lets other tasks run. Cancel-safe: after a cancel the tick is still to come.
   * @throws AbortError when the interval's signal aborts; RuntimeError when it is closed, or
   *   belongs to another loop
   */
  tick(): Future<number> {
    const abortion = abortedBefore(this.#signal);
    if (abortion !== null) return failed(abortion);
    if (this.#closed) return failed(new IntervalClosed('the interval is closed'));
    const future = new Tick(this, loopFor('tick()'));
    if (future._loop !== this.#loop) {
      throw new RuntimeError('the interval is bound to a different event loop');
    }
    this.#waiting.push(future);
    this.#arm();
    return abortWith(future, this.#signal);
  }

  /**
   * Waits for the next tick: `{ value }`, or `{ done: true }` when the interval is closed.
   * Cancel-safe.
   */
  next(): Future<Step<number>> {
    return new NextStep(this.tick(), IntervalClosed);
  }

  /** Iterates over the times of the ticks, until the interval is closed. */
  [Symbol.asyncIterator](): AsyncIterableIterator<number, undefined> {
    return new StepIterator(this);
  }

  /**
   * Restarts the interval: the next tick comes one period from now, also for tasks that are already
   * waiting.
   * @param after - a different time until the next tick: seconds, or a string with a unit
   * @throws TypeError, RangeError when `after` is not a finite duration
   */
  reset(after: Duration = this.period): void {
    this.#base = this.#loop.time() + Math.max(0, finite('after', toSeconds(after, 'after')));
    this.#count = 0;
    this.#disarm();
    this.#arm();
  }

  /** Ends it: waits for a tick get a RuntimeError, iterations end. A second call does nothing. */
  close(): void {
    this.#closed = true;
    this.#disarm();
    for (const tick of this.#waiting.takeAll()) {
      if (!tick.done()) tick._fail(new IntervalClosed('the interval is closed'));
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  toString(): string {
    return `<Interval ${this.period} s, ${this.missedTicks}${this.#closed ? ', closed' : ''}>`;
  }

  #arm(): void {
    if (this.#timer !== null || this.#promised || this.#waiting.first === null) return;
    const when = this.when();
    const due = (): void => this.#due();
    // Not a timer in the past, which could run in this very turn.
    this.#timer =
      when <= this.#loop.time() ? this.#loop.callSoon(due) : this.#loop.callAt(when, due);
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  #due(): void {
    this.#timer = null;
    const { first } = this.#waiting;
    if (first === null) return;
    this.#promised = true;
    first._grant();
  }

  /** @internal The task that was promised the tick resumes. */
  _collectTick(): number {
    this.#promised = false;
    if (this.#closed) throw new IntervalClosed('the interval is closed');
    const when = this.when();
    this.#advance(when, this.#loop.time());
    this.#arm();
    return when;
  }

  /** @internal The task that was promised the tick was cancelled: the next waiting task gets it. */
  _revokeTick(): void {
    this.#promised = false;
    this.#arm();
  }

  /** @internal A wait has ended. If it was the last one, the timer must not keep the loop alive. */
  _waitsNoLonger(): void {
    if (this.#waiting.first === null) this.#disarm();
  }

  #advance(when: number, now: number): void {
    this.#count++;
    const late = now - when;
    if (this.missedTicks === 'skip') {
      // As in tokio, the next tick is later than now. The while loop corrects rounding errors.
      while (this.when() <= now) {
        this.#count += Math.max(1, Math.floor((now - this.when()) / this.period));
      }
    } else if (this.missedTicks === 'delay' && late > Math.min(TOLERANCE, this.period / 10)) {
      this.#base = now;
      this.#count = 1;
    }
  }
}

/**
 * How late a tick may be, in seconds, before `'delay'` restarts the count; otherwise small delays
 * would add up to a drift.
 */
const TOLERANCE = 0.005;
/** The resolution of the loop's clock, in seconds. */
const PERIOD_MIN = 1e-9;

/**
 * Ticks every `period`: the first tick at once (or after `start`), the others at multiples of the
 * period after it, however long the work in between takes.
 *
 * @param period - seconds, or a string with a unit; at least a nanosecond
 * @throws TypeError, RangeError when `period` is not such a duration or for wrong options;
 *   RuntimeError when no loop is running
 * @example
 * const ticks = interval('1s', { missedTicks: 'skip' });
 * while (true) {
 *   yield* ticks.tick();
 *   yield* poll();
 * }
 * @example
 * for await (const time of interval('1s', { signal })) await poll();
 */
export function interval(period: Duration, options: IntervalOptions = {}): Interval {
  const seconds = finite('period', toSeconds(period, 'period'));
  if (seconds < PERIOD_MIN) {
    throw new RangeError(`interval(): period must be at least a nanosecond, got ${seconds}`);
  }
  checkOptions('interval()', options, ['missedTicks', 'signal', 'start']);
  const { missedTicks = 'burst', start = 0, signal } = options;
  if (missedTicks !== 'burst' && missedTicks !== 'delay' && missedTicks !== 'skip') {
    throw new RangeError(
      "interval(): missedTicks must be 'burst', 'delay' or 'skip', got " + describe(missedTicks),
    );
  }
  abortedBefore(signal);
  return new Interval(seconds, missedTicks, finite('start', toSeconds(start, 'start')), signal);
}

function finite(name: string, seconds: number): number {
  if (Number.isFinite(seconds)) return seconds;
  throw new RangeError(`interval(): ${name} must be finite, got ${seconds}`);
}

showsText(Interval);
