/**
 * A value that changes, of which only the latest counts; after tokio's watch.
 *
 * Every `set` has a number, and a receiver knows the number that it has seen. So a receiver costs
 * the watch nothing, and one that is slow misses what came in between and nothing else.
 */
import { describe, shortly } from '../core/support/describe.ts';
import { ChannelClosed } from '../core/errors/errors.ts';
import type { Future } from '../core/future/future.ts';
import { checkFlags, checkOptions } from '../core/support/options.ts';
import { loopFor } from '../core/context/running.ts';
import { showsText } from '../core/support/shows-text.ts';
import { abortedFirst, abortWith } from '../tasks/abort.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { StepIterator } from '../tasks/step-iterator.ts';
import type { Step } from '../tasks/step-iterator.ts';
import { NextStep } from './next-step.ts';
import { failed, Waiting, WaitList } from './wait-list.ts';

/** How a receiver is made. */
export interface WatchOptions {
  /** Whether the value of now counts as new, so that it is given first; false by default. */
  current?: boolean | undefined;
}

class Changed<T> extends Waiting<T> {
  readonly #receiver: WatchReceiver<T>;

  constructor(receiver: WatchReceiver<T>) {
    super({ loop: loopFor('changed()') });
    this.#receiver = receiver;
  }

  override _claim(): T {
    return this.#receiver.get();
  }
}

/** Sees the values of a watch, the latest at a time. `watch.subscribe()` makes it. */
export class WatchReceiver<T = unknown> {
  readonly #watch: Watch<T>;
  /** The number of the value it has seen. */
  #seen: number;

  /** @internal */
  constructor(watch: Watch<T>, seen: number) {
    this.#watch = watch;
    this.#seen = seen;
  }

  /** The latest value, which counts as seen from now on. */
  get(): T {
    this.#seen = this.#watch._version;
    return this.#watch.get();
  }

  /** Whether there is a value that it has not seen. */
  hasChanged(): boolean {
    return this.#watch._version > this.#seen;
  }

  /**
   * Waits until there is a value that it has not seen, and gives the latest one, which counts as
   * seen then. Cancel-safe: once cancelled, the value is still unseen. Several who wait on one
   * receiver all get the same change.
   * @throws ChannelClosed when the watch was closed and the latest value has been seen
   */
  changed(options: SignalOptions = {}): Future<T> {
    const abortion = abortedFirst('changed()', options);
    if (abortion !== null) return failed(abortion);
    const future = new Changed(this);
    if (this.hasChanged()) future._grant();
    else if (this.#watch.closed) return failed(this.#watch._ended());
    else {
      this.#watch._waiting.push(future);
      abortWith(future, options.signal);
    }
    return future;
  }

  /** As `changed()`, but gives `{ done: true }` when the watch was closed. Cancel-safe. */
  next(options: SignalOptions = {}): Future<Step<T>> {
    return new NextStep(this.changed(options), ChannelClosed);
  }

  /** What it has not seen, until the watch is closed; values that came too fast are left out. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    return new StepIterator(this);
  }

  toString(): string {
    return `<${this.constructor.name} ${this.hasChanged() ? 'changed' : 'seen'}>`;
  }
}

/**
 * A value that tasks watch: configuration, a state, progress. Only the latest value counts; who
 * looks late does not get the ones in between.
 *
 * @example
 * const level = new Watch('info');
 * createTask(async () => {
 *   for await (const name of level) console.log('now', name); // 'info' at once, then every change
 * });
 * level.set('debug');
 * @example
 * const receiver = level.subscribe();
 * const name = yield* receiver.changed();
 */
export class Watch<T = unknown> {
  #value: T;
  #closed = false;
  /** @internal */ _version = 0;
  /** @internal */ readonly _waiting: WaitList<Changed<T>> = new WaitList();

  /** @param initial - the value before the first `set()` */
  constructor(initial: T) {
    this.#value = initial;
  }

  /** The latest value; also once it is closed. */
  get(): T {
    return this.#value;
  }

  /** Whether it can be set no more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Sets the value and wakes all who wait; the same value counts too. @throws ChannelClosed */
  set(value: T): void {
    if (this.#closed) throw this._ended();
    this.#value = value;
    this._version++;
    for (const changed of this._waiting.takeAll()) {
      if (!changed.done()) changed._grant();
    }
  }

  /**
   * Sets the value that the function makes of the latest one, and gives it.
   * @throws ChannelClosed; what the function throws, and nothing has changed then
   */
  update(change: (value: T) => T): T {
    if (typeof change !== 'function') {
      throw new TypeError(`watch.update(): ${describe(change)} is not a function`);
    }
    if (this.#closed) throw this._ended();
    this.set(change(this.#value));
    return this.#value;
  }

  /** Waits for the next `set()` from now on, and gives the latest value. @throws ChannelClosed */
  changed(options: SignalOptions = {}): Future<T> {
    return this.subscribe().changed(options);
  }

  /** A receiver that has seen the value of now, or with `current: true` has not. */
  subscribe(options: WatchOptions = {}): WatchReceiver<T> {
    checkOptions('subscribe()', options, ['current']);
    checkFlags('subscribe()', options, ['current']);
    return new WatchReceiver(this, options.current === true ? this._version - 1 : this._version);
  }

  /** The value of now, and then the changes, until it is closed. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    return this.subscribe({ current: true })[Symbol.asyncIterator]();
  }

  /** Ends it: receivers see the latest value if they have not yet, and then the end. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const changed of this._waiting.takeAll()) {
      if (!changed.done()) changed._fail(this._ended());
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** @internal */
  _ended(): ChannelClosed {
    return new ChannelClosed('the watch is closed');
  }

  toString(): string {
    return `<${this.constructor.name} ${shortly(this.#value)}${this.#closed ? ' closed' : ''}>`;
  }
}

showsText(Watch, WatchReceiver);
