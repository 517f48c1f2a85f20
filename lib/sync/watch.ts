/**
 * A changing value of which only the latest state matters; modelled on tokio's watch.
 *
 * Every `set` increases a version number, and a receiver remembers the version that it has seen. So
 * a receiver costs the watch nothing, and a slow one only misses the values in between.
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

/** Options of `watch.subscribe`. */
export interface WatchOptions {
  /**
   * Whether the current value counts as new, so that the receiver gets it first; false by default.
   */
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

/** Receives the values of a watch, always the latest one. Created by `watch.subscribe()`. */
export class WatchReceiver<T = unknown> {
  readonly #watch: Watch<T>;
  /** The version of the value that it has seen. */
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

  /** Whether the latest value has not been seen. */
  hasChanged(): boolean {
    return this.#watch._version > this.#seen;
  }

  /**
   * Waits until there is a value that it has not seen, and returns the latest one, which then
   * counts as seen. Cancel-safe: after a cancel the value is still unseen. Several waits on one
   * receiver all get the same change.
   * @throws ChannelClosed when the watch is closed and the latest value has been seen; AbortError
   *   when `signal` aborts
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

  /**
   * Like `changed()`, but returns `{ value }`, or `{ done: true }` when the watch is closed.
   * Cancel-safe.
   */
  next(options: SignalOptions = {}): Future<Step<T>> {
    return new NextStep(this.changed(options), ChannelClosed);
  }

  /**
   * Iterates over unseen values until the watch is closed; values replaced before they were seen
   * are skipped.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    return new StepIterator(this);
  }

  toString(): string {
    return `<${this.constructor.name} ${this.hasChanged() ? 'changed' : 'seen'}>`;
  }
}

/**
 * A value that tasks watch: configuration, a state, progress. Only the latest value matters; a slow
 * receiver does not get the ones in between.
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

  /** The latest value, also after `close()`. */
  get(): T {
    return this.#value;
  }

  /** Whether it is closed: it can no longer be set. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Sets the value and wakes all waiting tasks, even if the value is the same. @throws
   * ChannelClosed
   */
  set(value: T): void {
    if (this.#closed) throw this._ended();
    this.#value = value;
    this._version++;
    for (const changed of this._waiting.takeAll()) {
      if (!changed.done()) changed._grant();
    }
  }

  /**
   * Sets the value that the function returns for the latest value, and returns it.
   * @throws ChannelClosed; TypeError when `change` is not a function; what the function throws, and
   *   the value is then unchanged
   */
  update(change: (value: T) => T): T {
    if (typeof change !== 'function') {
      throw new TypeError(`watch.update(): ${describe(change)} is not a function`);
    }
    if (this.#closed) throw this._ended();
    this.set(change(this.#value));
    return this.#value;
  }

  /**
   * Waits for the next `set()` from now on, and returns the latest value. Cancel-safe. @throws
   * ChannelClosed; AbortError when `signal` aborts
   */
  changed(options: SignalOptions = {}): Future<T> {
    return this.subscribe().changed(options);
  }

  /**
   * Creates a receiver that counts the current value as seen, or with `current: true` as unseen.
   */
  subscribe(options: WatchOptions = {}): WatchReceiver<T> {
    checkOptions('subscribe()', options, ['current']);
    checkFlags('subscribe()', options, ['current']);
    return new WatchReceiver(this, options.current === true ? this._version - 1 : this._version);
  }

  /** Iterates over the current value and then the changes, until it is closed. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    return this.subscribe({ current: true })[Symbol.asyncIterator]();
  }

  /**
   * Closes it: receivers get the latest value if they have not seen it, then the end. A second call
   * does nothing.
   */
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
