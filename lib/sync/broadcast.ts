/**
 * Every receiver gets every item that is sent after it subscribed.
 *
 * Items stand once in a backlog that all receivers share; a receiver is a place in it. What happens
 * when a receiver is slow is the broadcast's `overflow`: as with tokio's broadcast it loses the
 * oldest items and learns how many, or else senders wait for it.
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

/** How a broadcast is made. */
export interface BroadcastOptions {
  /** How many items a receiver may be behind; 64 by default, Infinity for any number. */
  maxsize?: number | undefined;
  /**
   * What happens to a receiver that is further behind: `'lag'` (the default) takes the oldest items
   * from it, and its next `receive()` throws a LaggedError; `'wait'` makes senders wait for it.
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
 * A way from many producers to many consumers in which every consumer gets every item that is sent
 * after it subscribed. What is sent while nobody has subscribed is gone. It ends with `close()`, or
 * when the last `sender()` closes: receivers get what is left, and then their iteration ends.
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
  /** `'lag'`: slow receivers lose items; `'wait'`: senders wait for them. */
  readonly overflow: 'lag' | 'wait';
  /** @internal */ readonly _backlog: Backlog<T> = new Backlog();
  readonly #receivers: Set<BroadcastReceiver<T>> = new Set();
  /** @internal */ readonly _home: Home = { loop: null };
  readonly #waiting: WaitList<Send<T>> = new WaitList(this._home);
  #promisedRoom = 0;
  #senders = 0;
  #closed = false;

  /** @throws RangeError when `maxsize` is no integer of at least 1, or `overflow` is unknown */
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

  /** How many have subscribed. */
  get receivers(): number {
    return this.#receivers.size;
  }

  /** Whether nothing can be sent any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** How many items some receiver has still to receive. */
  qsize(): number {
    return this._backlog.size;
  }

  /**
   * A receiver of what is sent from now on. Close it when it is not used any more: with `overflow:
   * 'wait'` senders would wait for it for ever.
   * @throws ChannelClosed
   */
  subscribe(options: SubscribeOptions = {}): BroadcastReceiver<T> {
    if (this.#closed) throw this._ended();
    const receiver = new BroadcastReceiver<T>(this, options);
    this.#receivers.add(receiver);
    return receiver;
  }

  /** A new way in: when the last one is closed, the broadcast is. @throws ChannelClosed */
  sender(): Sender<T> {
    if (this.#closed) throw this._ended();
    this.#senders++;
    return new Sender(this);
  }

  /**
   * Sends an item to everybody who has subscribed, and gives how many those are. With `overflow:
   * 'wait'` it waits until the slowest has room. Cancel-safe: once cancelled, it is not sent.
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
   * Sends an item at once, and gives how many it went to.
   * @throws QueueFull with `overflow: 'wait'`, when the slowest has no room; ChannelClosed
   */
  sendNowait(item: T): number {
    if (this.#closed) throw this._ended();
    if (this._full()) throw new QueueFull('a receiver of the broadcast has no room');
    return this.#insert(item);
  }

  /** Sends an item at once, or gives false when there is no room. @throws ChannelClosed */
  trySend(item: T): boolean {
    if (this._full()) return false;
    this.sendNowait(item);
    return true;
  }

  /** Sends no more: receivers get what is left and then the end. Idempotent. */
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

  /** @internal A receiver has read, or has gone: there may be room. */
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

  /** @internal A sender goes on. */
  _claimRoom(item: T): number {
    this.#promisedRoom--;
    if (this.#closed) throw this._ended();
    const sentTo = this.#insert(item);
    // Without receivers the room is not used.
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
