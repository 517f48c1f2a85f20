/**
 * Queues.
 *
 * An item stays in the queue until the getter it is meant for resumes, and an item that waits for
 * room enters when its putter resumes; until then the queue has only promised the item or the room.
 * A cancel in between withdraws the promise, so no item is lost and none enters beyond `maxsize`.
 * `getNowait()` and `putNowait()` cannot take what is promised: first come, first served.
 */
import { QueueEmpty, QueueFull, QueueShutDown } from '../core/errors/errors.ts';
import { DONE } from '../core/future/future.ts';
import type { Future } from '../core/future/future.ts';
import { loopFor } from '../core/context/running.ts';
import { showsText } from '../core/support/shows-text.ts';
import { abortedFirst, abortWith, NO_OPTIONS } from '../tasks/abort.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { StepIterator } from '../tasks/step-iterator.ts';
import type { Step } from '../tasks/step-iterator.ts';
import { givenOptions, numberOption } from './options.ts';
import { NextStep } from './next-step.ts';
import { FifoStore } from './item-store.ts';
import type { Store } from './item-store.ts';
import { failed, Waiting, WaitList } from './wait-list.ts';
import type { Home } from './wait-list.ts';

/** Options of `Queue`. */
export interface QueueOptions {
  /** How many items it holds before `put()` waits; 0 (the default) or less: no limit. */
  maxsize?: number | undefined;
}

class Get<T> extends Waiting<T> {
  readonly #queue: Queue<T>;

  constructor(queue: Queue<T>) {
    super({ loop: loopFor('get()') });
    this.#queue = queue;
  }

  override _claim(): T {
    return this.#queue._claimItem();
  }

  override _release(): void {
    this.#queue._releaseItem();
  }
}

class Put<T> extends Waiting<void> {
  readonly #queue: Queue<T>;
  readonly #item: T;

  constructor(queue: Queue<T>, item: T) {
    super({ loop: loopFor('put()') });
    this.#queue = queue;
    this.#item = item;
  }

  override _claim(): void {
    this.#queue._claimRoom(this.#item);
  }

  override _release(): void {
    this.#queue._releaseRoom();
  }
}

/**
 * A queue, first in, first out, bounded by `maxsize`.
 *
 * @example
 * const queue = new Queue<string>({ maxsize: 100 });
 * yield* queue.put('a');
 * const item = yield* queue.get();
 * queue.taskDone();
 */
export class Queue<T = unknown> {
  /** How many items it holds before `put()` waits; 0 or less: no limit. */
  readonly maxsize: number;
  readonly #store: Store<T>;
  readonly #home: Home = { loop: null };
  readonly #getters: WaitList<Get<T>> = new WaitList(this.#home);
  readonly #putters: WaitList<Put<T>> = new WaitList(this.#home);
  readonly #joiners: WaitList<Waiting<void>> = new WaitList(this.#home);
  #promisedItems = 0;
  #promisedRoom = 0;
  #unfinished = 0;
  #shutDown = false;

  constructor(maxsize?: number | QueueOptions, options?: Omit<QueueOptions, 'maxsize'>) {
    const { name } = new.target;
    const given = givenOptions(name, 'maxsize', maxsize, options, this._optionNames());
    this.maxsize = numberOption(name, 'maxsize', given, 0);
    this.#store = this._makeStore(given);
  }

  /** @internal */
  _optionNames(): readonly string[] {
    return ['maxsize'];
  }

  /** @internal Creates the container of the items. */
  _makeStore(_options: QueueOptions): Store<T> {
    return new FifoStore();
  }

  /** The number of items in the queue. */
  qsize(): number {
    return this.#store.size;
  }

  /** Whether the queue has no items. */
  empty(): boolean {
    return this.#store.size === 0;
  }

  /** Whether a `put()` would have to wait. */
  full(): boolean {
    return this.maxsize > 0 && this.#store.size + this.#promisedRoom >= this.maxsize;
  }

  /**
   * Adds an item, waiting for room if necessary. Cancel-safe: after a cancel the item is not added.
   * @throws QueueShutDown after `shutdown()`; AbortError when `signal` aborts
   */
  put(item: T, options: SignalOptions = NO_OPTIONS): Future<void> {
    const problem = abortedFirst('put()', options) ?? (this.#shutDown ? this._ended() : null);
    if (problem !== null) return failed(problem);
    const future = new Put(this, item);
    if (this.full()) {
      this.#putters.push(future);
      return abortWith(future, options.signal);
    }
    this.#insert(item);
    future._settle(DONE, undefined);
    return future;
  }

  /** Adds an item without waiting. @throws QueueFull when there is no room; QueueShutDown */
  putNowait(item: T): void {
    if (this.#shutDown) throw this._ended();
    if (this.full()) throw new QueueFull('the queue is full');
    this.#insert(item);
  }

  /**
   * Takes the next item, waiting for one if necessary. Cancel-safe: a cancelled call takes no item.
   * @throws QueueShutDown when the queue was shut down and is empty; AbortError when `signal`
   *   aborts
   */
  get(options: SignalOptions = NO_OPTIONS): Future<T> {
    const abortion = abortedFirst('get()', options);
    if (abortion !== null) return failed(abortion);
    const future = new Get(this);
    if (this.#available() > 0) {
      future._settle(DONE, this.#remove());
      return future;
    }
    if (this.#shutDown) return failed(this._ended());
    this.#getters.push(future);
    return abortWith(future, options.signal);
  }

  /**
   * Like `get()`, but returns `{ value }`, or `{ done: true }` when the queue was shut down and is
   * empty. Cancel-safe.
   */
  next(options: SignalOptions = NO_OPTIONS): Future<Step<T>> {
    return new NextStep(this.get(options), QueueShutDown);
  }

  /**
   * Takes items until the queue is shut down and empty; leaving early does not affect the queue.
   * `taskDone()` must still be called for each item if `join()` is used.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    return new StepIterator(this);
  }

  /** Takes the next item without waiting. @throws QueueEmpty when there is none; QueueShutDown */
  getNowait(): T {
    if (this.#available() > 0) return this.#remove();
    if (this.#shutDown) throw this._ended();
    throw new QueueEmpty('the queue is empty');
  }

  /**
   * Reports that the work on an item taken is done; `join()` waits for one such call per item put.
   * @throws RangeError when it is called more often than items were put
   */
  taskDone(): void {
    if (this.#unfinished === 0) throw new RangeError('taskDone() called too many times');
    this.#finished(1);
  }

  /**
   * Waits until `taskDone()` was called for every item put. Cancel-safe. @throws AbortError when
   * `signal` aborts
   */
  join(options: SignalOptions = NO_OPTIONS): Future<void> {
    const abortion = abortedFirst('join()', options);
    if (abortion !== null) return failed(abortion);
    const future = new Waiting<void>({ loop: loopFor('join()') });
    if (this.#unfinished === 0) {
      future._settle(DONE, undefined);
      return future;
    }
    this.#joiners.push(future);
    return abortWith(future, options.signal);
  }

  /**
   * Ends the queue: from now on `put` throws QueueShutDown, and `get` does once the queue is empty.
   * With `immediate` the items are dropped (and count as done). May be called again.
   */
  shutdown(immediate = false): void {
    if (immediate) {
      const dropped = this.#store.size;
      this.#store.clear();
      this.#finished(Math.min(dropped, this.#unfinished));
    }
    this.#shutDown = true;
    for (const waiter of [...this.#getters.takeAll(), ...this.#putters.takeAll()]) {
      if (!waiter.done()) waiter._fail(this._ended());
    }
  }

  /** @internal The error of calls after `shutdown()`. */
  _ended(): Error {
    return new QueueShutDown('the queue has been shut down');
  }

  #available(): number {
    return this.#store.size - this.#promisedItems;
  }

  #insert(item: T): void {
    this.#store.put(item);
    this.#unfinished++;
    this.#promiseItems();
  }

  #remove(): T {
    const item = this.#store.take();
    this.#promiseRoom();
    return item;
  }

  #finished(count: number): void {
    this.#unfinished -= count;
    if (this.#unfinished > 0) return;
    for (const waiter of this.#joiners.takeAll()) {
      if (!waiter.done()) waiter._settle(DONE, undefined);
    }
  }

  #promiseItems(): void {
    for (
      let get = this.#getters.first;
      get !== null && this.#available() > 0;
      get = this.#getters.first
    ) {
      this.#promisedItems++;
      get._grant();
    }
  }

  #promiseRoom(): void {
    for (let put = this.#putters.first; put !== null && !this.full(); put = this.#putters.first) {
      this.#promisedRoom++;
      put._grant();
    }
  }

  /**
   * @internal An item was taken by a call that is gone: it is for the next getter, and still counts
   *   as unfinished.
   */
  _putBack(item: T): void {
    this.#store.putBack(item);
    this.#promiseItems();
  }

  /** @internal A getter that was promised an item resumes. */
  _claimItem(): T {
    this.#promisedItems--;
    // `shutdown(true)` was called in between.
    if (this.#store.size === 0) throw this._ended();
    try {
      return this.#remove();
    } catch (error) {
      // The comparison of a priority queue threw, and the item is still there.
      this.#promiseItems();
      throw error;
    }
  }

  /** @internal A getter that was promised an item was cancelled. */
  _releaseItem(): void {
    this.#promisedItems--;
    this.#promiseItems();
  }

  /** @internal A putter that was promised room resumes. */
  _claimRoom(item: T): void {
    this.#promisedRoom--;
    if (this.#shutDown) throw this._ended();
    try {
      this.#insert(item);
    } catch (error) {
      // The comparison of a priority queue threw, and the room is still there.
      this.#promiseRoom();
      throw error;
    }
  }

  /** @internal A putter that was promised room was cancelled. */
  _releaseRoom(): void {
    this.#promisedRoom--;
    this.#promiseRoom();
  }

  toString(): string {
    const getters = this.#getters.size === 0 ? '' : ` getters[${this.#getters.size}]`;
    const putters = this.#putters.size === 0 ? '' : ` putters[${this.#putters.size}]`;
    return (
      `<${this.constructor.name} maxsize=${this.maxsize} qsize=${this.qsize()}${getters}` +
      `${putters} tasks=${this.#unfinished}${this.#shutDown ? ' shutdown' : ''}>`
    );
  }
}

showsText(Queue);
