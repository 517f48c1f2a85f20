/**
 * Queues.
 *
 * An item stays in the queue until the getter it is meant for goes on, and an item that waits for
 * room comes in when its putter goes on; until then the queue has only promised the item or the
 * room. A cancel in between takes the promise back, so nothing is lost and nothing comes in too
 * much. What is promised, `getNowait()` and `putNowait()` cannot take: first come, first served.
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

/** How a queue is made. */
export interface QueueOptions {
  /** How many items it holds before `put()` waits; 0 (the default) and less: any number. */
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
 * A queue, first in, first out, with as much room as it is given.
 *
 * @example
 * const queue = new Queue<string>({ maxsize: 100 });
 * yield* queue.put('a');
 * const item = yield* queue.get();
 * queue.taskDone();
 */
export class Queue<T = unknown> {
  /** How many items it holds before `put()` waits; 0 and less: any number. */
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

  /** @internal What the items are kept in. */
  _makeStore(_options: QueueOptions): Store<T> {
    return new FifoStore();
  }

  /** How many items are in it. */
  qsize(): number {
    return this.#store.size;
  }

  /** Whether there is no item. */
  empty(): boolean {
    return this.#store.size === 0;
  }

  /** Whether a `put()` would have to wait. */
  full(): boolean {
    return this.maxsize > 0 && this.#store.size + this.#promisedRoom >= this.maxsize;
  }

  /**
   * Adds an item, after waiting for room. Cancel-safe: once cancelled, the item does not come in.
   * @throws QueueShutDown; AbortError when `signal` aborts
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

  /** Adds an item at once. @throws QueueFull; QueueShutDown */
  putNowait(item: T): void {
    if (this.#shutDown) throw this._ended();
    if (this.full()) throw new QueueFull('the queue is full');
    this.#insert(item);
  }

  /**
   * Takes the next item, after waiting for one. Cancel-safe: once cancelled, it takes none.
   * @throws QueueShutDown when the queue was shut down and is drained
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

  /** As `get()`, but gives `{ done: true }` when the queue was shut down. Cancel-safe. */
  next(options: SignalOptions = NO_OPTIONS): Future<Step<T>> {
    return new NextStep(this.get(options), QueueShutDown);
  }

  /**
   * Takes items until the queue is shut down and drained; leaving early leaves it as it is. Each
   * item still wants its `taskDone()`.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    return new StepIterator(this);
  }

  /** Takes the next item at once. @throws QueueEmpty; QueueShutDown */
  getNowait(): T {
    if (this.#available() > 0) return this.#remove();
    if (this.#shutDown) throw this._ended();
    throw new QueueEmpty('the queue is empty');
  }

  /**
   * Says that the work on an item taken is done; `join()` waits for as many as were put.
   * @throws RangeError when it is called more often than items were put
   */
  taskDone(): void {
    if (this.#unfinished === 0) throw new RangeError('taskDone() called too many times');
    this.#finished(1);
  }

  /** Waits until there has been a `taskDone()` for every item. */
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
   * Ends the queue: putting throws QueueShutDown from now on, getting does when it is drained, or
   * at once with `immediate`, which drops the items (and counts them as done). Idempotent.
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

  /** @internal Who took it is gone: it is for the next one, and counts as it did. */
  _putBack(item: T): void {
    this.#store.putBack(item);
    this.#promiseItems();
  }

  /** @internal A getter goes on. */
  _claimItem(): T {
    this.#promisedItems--;
    // An immediate shutdown came in between.
    if (this.#store.size === 0) throw this._ended();
    try {
      return this.#remove();
    } catch (error) {
      // The comparison of a priority queue failed, and the item is still there.
      this.#promiseItems();
      throw error;
    }
  }

  /** @internal A getter that was promised an item was cancelled. */
  _releaseItem(): void {
    this.#promisedItems--;
    this.#promiseItems();
  }

  /** @internal A putter goes on. */
  _claimRoom(item: T): void {
    this.#promisedRoom--;
    if (this.#shutDown) throw this._ended();
    try {
      this.#insert(item);
    } catch (error) {
      // The comparison of a priority queue failed, and the room is still there.
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
