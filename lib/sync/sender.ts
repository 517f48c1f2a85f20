/** One of several ways into something that ends when the last of them is closed. */
import { ChannelClosed } from '../core/errors/errors.ts';
import type { Future } from '../core/future/future.ts';
import { checkOptions } from '../core/support/options.ts';
import { showsText } from '../core/support/shows-text.ts';
import { SIGNAL } from '../tasks/abort.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { failed } from './wait-list.ts';

/** What senders send into. */
export interface Inlet<T> {
  sender(): Sender<T>;
  /** @internal */
  _send(item: T, options: SignalOptions): Future<any>;
  /** @internal @throws QueueFull; ChannelClosed */
  _sendNowait(item: T): void;
  /** @internal Whether nothing can be sent at once; false when it is closed. */
  _full(): boolean;
  /** @internal */
  _senderClosed(): void;
}

/** One way into a channel or a broadcast, which ends when every sender is closed. */
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
   * Sends an item, after waiting for room. Cancel-safe: once cancelled, the item is not sent.
   * @throws ChannelClosed when this sender or what it sends into is closed
   */
  send(item: T, options: SignalOptions = {}): Future<void> {
    checkOptions('send()', options, SIGNAL);
    return this.#closed ? failed(closedSender()) : this.#inlet._send(item, options);
  }

  /** Sends an item at once. @throws QueueFull; ChannelClosed */
  sendNowait(item: T): void {
    if (this.#closed) throw closedSender();
    this.#inlet._sendNowait(item);
  }

  /** Sends an item at once, or gives false when there is no room. @throws ChannelClosed */
  trySend(item: T): boolean {
    if (this.#closed) throw closedSender();
    if (this.#inlet._full()) return false;
    this.#inlet._sendNowait(item);
    return true;
  }

  /** Another sender of the same, for another producer to close. @throws ChannelClosed */
  clone(): Sender<T> {
    if (this.#closed) throw closedSender();
    return this.#inlet.sender();
  }

  /** Sends no more. When it was the last sender, receivers get what is left and then the end. */
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
