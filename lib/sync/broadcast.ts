/**
 * A broadcast: every receiver gets every item that is sent after it subscribed.
 *
 * Each item is stored once, in a backlog that all receivers share; a receiver is a position in it.
 * The option `overflow` decides what happens when a receiver is slow: it misses the oldest items
 * and is told how many, as with tokio's broadcast, or senders wait for it.
 */
import { describe } from '../core/support/describe.ts';
import { ChannelClosed, QueueFull } from '../core/errors/errors.ts';
import { DONE } from '../core/future/future.ts';
import type { Future } from '../core/future/future.ts';
import { loopFor } from '../core/context/running.ts';
import { showsText } from '../core/support/shows-text.ts';
import { abortedFirst, abortWith } from '../tasks/abort.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { Backlog } from './backlog.ts';
import { BroadcastReceiver } from './broadcast-receiver.ts';
import type { BroadcastSource, SubscribeOptions } from './broadcast-receiver.ts';
import { countOption, givenOptions } from './options.ts';
import { Sender } from './sender.ts';
import type { Inlet } from './sender.ts';
import { failed, Waiting, WaitList } from './wait-list.ts';
import type { Home } from './wait-list.ts';

/** Options of `Broadcast`. */
export interface BroadcastOptions {
  /** How many items a receiver may be behind; 64 by default, Infinity for no limit. */
  maxsize?: number | undefined;
  /**
   * What happens when a receiver would fall further behind: `'lag'` (the default): it misses the
   * oldest items, and its next `receive()` throws a LaggedError; `'wait'`: senders wait for it.
   */
  overflow?: 'lag' | 'wait' | undefined;
}

class Send<T> extends Waiting<number> {
  readonly #broadcast: Broadcast<T>;
  readonly #item: T;

  constructor(broadcast: Broadcast<T>, item: T) {
    super({ loop: loopFor('send()') });
    this.#broadcast = broadcast;
    this.#item = item;
  }

  override _claim(): number {
    return this.#broadcast._claimRoom(this.#item);
  }

  override _release(): void {
    this.#broadcast._releaseRoom();
  }
}

/**
 * Sends items from any number of producers to any number of consumers; every consumer gets every
 * item sent after it subscribed. An item sent while nobody is subscribed is dropped. A broadcast
 * ends with `close()`, or when the last `sender()` closes: receivers get the items left, and then
 * their iteration ends.
 *
 * @example
 * const prices = new Broadcast<number>({ maxsize: 100 });
 * createTask(async () => {
 *   using receiver = prices.subscribe();
 *   for await (const price of receiver) show(price);
 * });
 * yield* prices.send(17);
 */
export class Broadcast<T = unknown> implements Inlet<T>, BroadcastSource<T> {
  /** How many items a receiver may be behind. */
  readonly maxsize: number;
  /** `'lag'`: slow receivers miss items; `'wait'`: senders wait for them. */
  readonly overflow: 'lag' | 'wait';
  /** @internal */ readonly _backlog: Backlog<T> = new Backlog();
  readonly #receivers: Set<BroadcastReceiver<T>> = new Set();
  /** @internal */ readonly _home: Home = { loop: null };
  readonly #waiting: WaitList<Send<T>> = new WaitList(this._home);
  #promisedRoom = 0;
  #senders = 0;
  #closed = false;

  /**
   * @throws RangeError when `maxsize` is not an integer of at least 1 (or Infinity), or `overflow`
   *   is unknown; TypeError when `maxsize` is not a number
   */
  constructor(maxsize?: number | BroadcastOptions, options?: Omit<BroadcastOptions, 'maxsize'>) {
    const given = givenOptions('Broadcast', 'maxsize', maxsize, options, ['maxsize', 'overflow']);
    this.maxsize = countOption('Broadcast', 'maxsize', given, 64, 1);
    const { overflow = 'lag' } = given;
    if (overflow !== 'lag' && overflow !== 'wait') {
      throw new RangeError(
        `Broadcast: overflow must be 'lag' or 'wait', got ${describe(overflow)}`,
      );
    }
    this.overflow = overflow;
  }

  /** How many receivers are subscribed. */
  get receivers(): number {
    return this.#receivers.size;
  }

  /** Whether it is closed: nothing more can be sent. */
  get closed(): boolean {
    return this.#closed;
  }

  /** How many items are stored: those that some receiver has yet to receive. */
  qsize(): number {
    return this._backlog.size;
  }

  /**
   * Creates a receiver for what is sent from now on. Close it when it is no longer used: with
   * `overflow: 'wait'` senders would wait for it for ever.
   * @throws ChannelClosed
   */
  subscribe(options: SubscribeOptions = {}): BroadcastReceiver<T> {
    if (this.#closed) throw this._ended();
    const receiver = new BroadcastReceiver<T>(this, options);
    this.#receivers.add(receiver);
    return receiver;
  }

  /** Creates a sender. Closing the last open sender closes the broadcast. @throws ChannelClosed */
  sender(): Sender<T> {
    if (this.#closed) throw this._ended();
    this.#senders++;
    return new Sender(this);
  }

  /**
   * Sends an item to all subscribed receivers and returns how many those are. With `overflow:
   * 'wait'` it waits until the slowest has room. Cancel-safe: a cancelled call does not send the
   * item.
   * @throws ChannelClosed
   */
  send(item: T, options: SignalOptions = {}): Future<number> {
    const abortion = abortedFirst('send()', options);
    if (abortion !== null) return failed(abortion);
    if (this.#closed) return failed(this._ended());
    const future = new Send(this, item);
    if (this._full()) {
      this.#waiting.push(future);
      return abortWith(future, options.signal);
    }
    future._settle(DONE, this.#insert(item));
    return future;
  }

  /**
   * Sends an item without waiting, and returns how many receivers it went to.
   * @throws QueueFull with `overflow: 'wait'`, when the slowest has no room; ChannelClosed
   */
  sendNowait(item: T): number {
    if (this.#closed) throw this._ended();
    if (this._full()) throw new QueueFull('a receiver of the broadcast has no room');
    return this.#insert(item);
  }

  /** Sends an item without waiting; returns false if there is no room. @throws ChannelClosed */
  trySend(item: T): boolean {
    if (this._full()) return false;
    this.sendNowait(item);
    return true;
  }

  /**
   * Ends the broadcast: receivers get the items left, then the end; waiting senders get
   * ChannelClosed. A second call does nothing.
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const send of this.#waiting.takeAll()) {
      if (!send.done()) send._fail(this._ended());
    }
    for (const receiver of this.#receivers) receiver._sourceClosed();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #insert(item: T): number {
    const { size } = this.#receivers;
    if (size === 0) return 0;
    if (this.overflow === 'lag' && this._backlog.size >= this.maxsize) this._backlog.dropOldest();
    this._backlog.push(item, size);
    for (const receiver of this.#receivers) receiver._promise();
    return size;
  }

  /** @internal */
  _send(item: T, options: SignalOptions): Future<number> {
    return this.send(item, options);
  }

  /** @internal */
  _sendNowait(item: T): void {
    this.sendNowait(item);
  }

  /** @internal */
  _full(): boolean {
    return (
      !this.#closed &&
      this.overflow === 'wait' &&
      this._backlog.size + this.#promisedRoom >= this.maxsize
    );
  }

  /** @internal */
  _ended(): ChannelClosed {
    return new ChannelClosed('the broadcast is closed');
  }

  /** @internal */
  _senderClosed(): void {
    if (--this.#senders === 0) this.close();
  }

  /** @internal A receiver has read an item or was closed: promises free room to waiting senders. */
  _promiseRoom(): void {
    for (
      let send = this.#waiting.first;
      send !== null && !this._full();
      send = this.#waiting.first
    ) {
      this.#promisedRoom++;
      send._grant();
    }
  }

  /** @internal A sender that was promised room resumes. */
  _claimRoom(item: T): number {
    this.#promisedRoom--;
    if (this.#closed) throw this._ended();
    const sentTo = this.#insert(item);
    // There are no receivers, so the room is still free.
    if (sentTo === 0) this._promiseRoom();
    return sentTo;
  }

  /** @internal A sender that was promised room was cancelled. */
  _releaseRoom(): void {
    this.#promisedRoom--;
    this._promiseRoom();
  }

  /** @internal */
  _unsubscribe(receiver: BroadcastReceiver<T>): void {
    this.#receivers.delete(receiver);
  }

  toString(): string {
    return (
      `<${this.constructor.name} maxsize=${this.maxsize} receivers=${this.#receivers.size} ` +
      `qsize=${this.qsize()}${this.#closed ? ' closed' : ''}>`
    );
  }
}

showsText(Broadcast);
