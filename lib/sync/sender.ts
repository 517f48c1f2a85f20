/** Senders: the receiving side ends when the last of them is closed. */
import { ChannelClosed } from '../core/errors/errors.ts';
import type { Future } from '../core/future/future.ts';
import { checkOptions } from '../core/support/options.ts';
import { showsText } from '../core/support/shows-text.ts';
import { SIGNAL } from '../tasks/abort.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { failed } from './wait-list.ts';

/** The interface of a channel or broadcast for its senders. */
export interface Inlet<T> {
  sender(): Sender<T>;
  /** @internal */
  _send(item: T, options: SignalOptions): Future<any>;
  /** @internal @throws QueueFull; ChannelClosed */
  _sendNowait(item: T): void;
  /** @internal Whether a send would have to wait; false when it is closed. */
  _full(): boolean;
  /** @internal */
  _senderClosed(): void;
}

/** A sender of a channel or broadcast, which ends when every sender is closed. */
export class Sender<T> {
  readonly #inlet: Inlet<T>;
  #closed = false;

  /** @internal */
  constructor(inlet: Inlet<T>) {
    this.#inlet = inlet;
  }

  /** Whether `close()` was called on this sender. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Sends an item, waiting for room if necessary. Cancel-safe: after a cancel the item is not sent.
   * @throws ChannelClosed when this sender, its channel or broadcast is closed; AbortError when
   *   `signal` aborts
   */
  send(item: T, options: SignalOptions = {}): Future<void> {
    checkOptions('send()', options, SIGNAL);
    return this.#closed ? failed(closedSender()) : this.#inlet._send(item, options);
  }

  /** Sends an item without waiting. @throws QueueFull when there is no room; ChannelClosed */
  sendNowait(item: T): void {
    if (this.#closed) throw closedSender();
    this.#inlet._sendNowait(item);
  }

  /** Sends an item without waiting; returns false if there is no room. @throws ChannelClosed */
  trySend(item: T): boolean {
    if (this.#closed) throw closedSender();
    if (this.#inlet._full()) return false;
    this.#inlet._sendNowait(item);
    return true;
  }

  /**
   * Another sender for the same channel or broadcast, which another producer can close. @throws
   * ChannelClosed
   */
  clone(): Sender<T> {
    if (this.#closed) throw closedSender();
    return this.#inlet.sender();
  }

  /**
   * Stops sending. If it was the last sender, receivers get the items left, then the end. A second
   * call does nothing.
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#inlet._senderClosed();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  toString(): string {
    return `<Sender ${this.#closed ? 'closed' : 'open'} of ${this.#inlet}>`;
  }
}

function closedSender(): ChannelClosed {
  return new ChannelClosed('the sender is closed');
}

showsText(Sender);
