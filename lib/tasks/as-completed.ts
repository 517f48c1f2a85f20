/** Iterating over awaitables in the order in which they complete. */
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { describe } from '../core/support/describe.ts';
import { toTimeout } from '../core/support/duration.ts';
import type { Duration } from '../core/support/duration.ts';
import { futureFor, isAwaitable, loopForAll } from '../core/loop/ensure-future.ts';
import { TimeoutError } from '../core/errors/errors.ts';
import { DONE, Future, PENDING } from '../core/future/future.ts';
import type { Waiter } from '../core/future/future.ts';
import { Reservation } from '../core/future/reservation.ts';
import type { TimerHandle } from '../core/loop/handle.ts';
import { checkOptions } from '../core/support/options.ts';
import { showsText } from '../core/support/shows-text.ts';
import type { AwaitableLike, ResultOf } from '../core/support/types.ts';
import type { Runnable } from '../native/rings.ts';
import { checkIterable } from './wait.ts';

/** Options of `asCompleted`. */
export interface AsCompletedOptions {
  /** Seconds, or a string with a unit, for the whole iteration; no limit by default. */
  timeout?: Duration | null | undefined;
}

/** The type of the futures that the iteration gives. */
type FutureOf<A> = A extends Future<any> ? A : Future<ResultOf<A>>;

/**
 * Waits for the next future that is done. It is only reserved until it is taken, so a cancel loses
 * none.
 */
class NextDone extends Reservation<IteratorResult<Future<any>, undefined>> {
  readonly #source: AsCompleted<any>;

  constructor(loop: AbstractEventLoop, source: AsCompleted<any>) {
    super({ loop });
    this.#source = source;
  }

  override _claim(): IteratorResult<Future<any>, undefined> {
    return { done: false, value: this.#source._claimNext() };
  }

  override _release(): void {
    this.#source._releaseNext();
  }
}

/** The same, but settles with the result or error of that future. */
class NextResult<T> extends Reservation<T> implements Waiter {
  readonly #next: NextDone;

  constructor(loop: AbstractEventLoop, next: NextDone) {
    super({ loop });
    this.#next = next;
    if (next._state === PENDING) next._addWaiter(this);
    else this._wake(next);
  }

  _wake(next: Future<any>): void {
    if (next._state === DONE) this._grant();
    else if (next.cancelled()) super.cancel(next._value);
    else this._fail(next._takeError());
  }

  override _claim(): T {
    return (this.#next.result() as { value: Future<T> }).value.result();
  }

  override _release(): void {
    this.#next.cancel();
  }

  override cancel(reason?: unknown): boolean {
    return this._state === PENDING ? this.#next.cancel(reason) : super.cancel(reason);
  }
}

/**
 * An async iterator of futures. A separate type, because TypeScript assumes that `for await` awaits
 * what an `AsyncIterator` yields; only an async generator does that.
 */
export interface DoneIterator<F> {
  next(): Promise<IteratorResult<F, undefined>>;
}

/**
 * The return value of `asCompleted`. Each step of either iteration takes one completed future; the
 * two kinds of iteration may be mixed.
 */
export class AsCompleted<F extends Future<any>> implements Waiter, Runnable {
  readonly #loop: AbstractEventLoop;
  /**
   * @internal Waiting here does not mark errors as retrieved: the consumer may never look at them.
   */
  readonly _looksOn = true;
  readonly #timer: TimerHandle | undefined;
  readonly #pending: Set<F>;
  readonly #done: F[] = [];
  #first = 0;
  /**
   * Futures that completed in this turn; reported in the next one, as by asyncio's done callbacks.
   */
  readonly #arriving: F[] = [];
  #arrived = 0;
  #promised = 0;
  /** The number of steps not requested yet. */
  #left: number;
  readonly #waiting: Set<NextDone> = new Set();
  #expired = false;

  /** @internal */
  constructor(loop: AbstractEventLoop, futures: readonly F[], timeout: number | null) {
    this.#loop = loop;
    this.#pending = new Set(futures);
    this.#left = futures.length;
    for (const future of futures) {
      if (future._state === PENDING) future._addWaiter(this);
      else this._wake(future);
    }
    if (timeout !== null && this.#pending.size > 0) {
      this.#timer = loop.callLater(timeout, () => this.#expire());
    }
  }

  toString(): string {
    return `<AsCompleted pending=${this.#pending.size} left=${this.#left}>`;
  }

  /** @internal */
  _awaiters(): Iterable<Future<any>> {
    return this.#waiting;
  }

  /** @internal One of the futures is done. */
  _wake(future: Future<any>): void {
    this.#arriving.push(future as F);
    this.#loop._enqueue(this);
  }

  /** @internal */
  _run(): void {
    const future = this.#arriving[this.#arrived++]!;
    // The timeout came first.
    if (!this.#pending.delete(future)) return;
    this.#done.push(future);
    if (this.#pending.size === 0) this.#timer?.cancel();
    this.#promise();
  }

  #expire(): void {
    this.#expired = true;
    for (const future of this.#pending) future._removeWaiter(this);
    this.#pending.clear();
    for (const next of this.#waiting) next._fail(new TimeoutError());
    this.#waiting.clear();
  }

  #promise(): void {
    for (const next of this.#waiting) {
      if (this.#available() === 0) return;
      this.#waiting.delete(next);
      if (next.done()) continue;
      this.#promised++;
      next._grant();
    }
  }

  #available(): number {
    return this.#done.length - this.#first - this.#promised;
  }

  /** @internal */
  _claimNext(): F {
    this.#promised--;
    return this.#done[this.#first++]!;
  }

  /** @internal The step that reserved it was cancelled; it is free for another step. */
  _releaseNext(): void {
    this.#promised--;
    this.#promise();
  }

  #next(): NextDone {
    this.#left--;
    const next = new NextDone(this.#loop, this);
    if (this.#available() > 0) {
      this.#promised++;
      next._grant();
    } else if (this.#expired) next._fail(new TimeoutError());
    else this.#waiting.add(next);
    return next;
  }

  /** Futures, each of which gets the result of the next awaitable that completes. */
  [Symbol.iterator](): IterableIterator<Future<ResultOf<F>>> {
    const step = (): IteratorResult<Future<ResultOf<F>>> =>
      this.#left === 0
        ? { done: true, value: undefined }
        : { done: false, value: new NextResult(this.#loop, this.#next()) };
    return {
      next: step,
      [Symbol.iterator]() {
        return this;
      },
    };
  }

  /**
   * The given futures and tasks themselves, each once it is done. Not an async generator, which
   * would await what it yields.
   */
  [Symbol.asyncIterator](): DoneIterator<F> {
    const step = (): Promise<IteratorResult<F, undefined>> =>
      this.#left === 0
        ? Promise.resolve({ done: true, value: undefined })
        : (this.#next().then() as Promise<IteratorResult<F, undefined>>);
    return { next: step };
  }
}

/**
 * Iterates over awaitables in the order in which they complete. `for await` gives the futures
 * themselves, a plain `for` gives awaitables of their results. Each awaitable counts once, even if
 * it is given twice. After the timeout the remaining steps throw; nothing is cancelled.
 *
 * @throws TypeError when an item cannot be awaited; RangeError when futures belong to different
 *   loops; RuntimeError when no loop is running. The steps throw TimeoutError after the timeout
 * @example
 * for (const next of asCompleted(tasks, { timeout: '5s' })) use(yield* next);
 * @example
 * for await (const task of asCompleted(tasks)) console.log(task.getName());
 */
export function asCompleted<A extends AwaitableLike<any>>(
  awaitables: Iterable<A>,
  options: AsCompletedOptions = {},
): AsCompleted<FutureOf<A>> {
  if (awaitables instanceof Future || typeof awaitables === 'function') {
    throw new TypeError('asCompleted() takes an iterable of awaitables, got one awaitable');
  }
  checkIterable('asCompleted()', awaitables);
  checkOptions('asCompleted()', options, ['timeout']);
  const seconds = toTimeout(options.timeout);
  const given = [...new Set(awaitables)];
  const wrong = given.find((each) => !isAwaitable(each));
  if (wrong !== undefined) {
    throw new TypeError(`asCompleted() takes awaitables, got ${describe(wrong)}`);
  }
  const loop = loopForAll('asCompleted()', given);
  const futures = given.map((each) => futureFor(each)) as FutureOf<A>[];
  for (const future of futures) {
    if (future._loop !== loop) throw new RangeError('asCompleted(): futures of different loops');
  }
  return new AsCompleted(loop, futures, seconds);
}

showsText(AsCompleted);
