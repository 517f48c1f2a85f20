/** A bounded queue that ends when its last sender, or its receiver, is closed. */
import { ChannelClosed } from '../core/errors/errors.ts';
import type { Future } from '../core/future/future.ts';
import { showsText } from '../core/support/shows-text.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { StepIterator } from '../tasks/step-iterator.ts';
import { givenOptions, numberOption } from './options.ts';
import { Queue } from './queue.ts';
import { Sender } from './sender.ts';
import type { Inlet } from './sender.ts';
import { NextStep } from './next-step.ts';

/** Options of `Channel`. */
export interface ChannelOptions {
  /** How many items it holds before `send()` waits; 1 by default, Infinity for no limit. */
  maxsize?: number | undefined;
}

/** The queue inside, which fails with the channel's error once it is shut down. */
class Pipe<T> extends Queue<T> {
  override _ended(): ChannelClosed {
    return new ChannelClosed('the channel is closed');
  }
}

/**
 * A bounded channel from any number of producers to any number of consumers: when the last sender
 * closes, consumers get the items left, and then their iteration ends.
 *
 * @example
 * const channel = new Channel<string>({ maxsize: 16 });
 * createTask(async () => {
 *   using sender = channel.sender();
 *   for (const line of lines) await sender.send(line);
 * });
 * for await (const line of channel) use(line);
 * @example
 * let step; // the generator lane
 * while (!(step = yield* channel.next()).done) use(step.value);
 */
export class Channel<T = unknown> implements Inlet<T> {
  readonly #pipe: Pipe<T>;
  #senders = 0;
  #closed = false;

  /** @throws RangeError when `maxsize` is less than 1; TypeError when it is not a number */
  constructor(maxsize?: number | ChannelOptions, options?: Omit<ChannelOptions, 'maxsize'>) {
    const given = givenOptions('Channel', 'maxsize', maxsize, options, ['maxsize']);
    const size = numberOption('Channel', 'maxsize', given, 1);
    if (size < 1) throw new RangeError(`Channel: maxsize must be >= 1, got ${size}`);
    this.#pipe = new Pipe(size);
  }

  /** How many items it holds before `send()` waits. */
  get maxsize(): number {
    return this.#pipe.maxsize;
  }

  /** How many items are waiting to be received. */
  qsize(): number {
    return this.#pipe.qsize();
  }

  /** Whether it is closed: nothing more can be sent. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Creates a sender. Closing the last open sender ends the channel. @throws ChannelClosed */
  sender(): Sender<T> {
    if (this.#closed) throw new ChannelClosed('the channel is closed');
    this.#senders++;
    return new Sender(this);
  }

  /**
   * Waits for the next item. Cancel-safe: a cancelled call takes no item. @throws ChannelClosed at
   * the end; AbortError when `signal` aborts
   */
  receive(options: SignalOptions = {}): Future<T> {
    return this.#pipe.get(options);
  }

  /**
   * Returns the next item without waiting. @throws QueueEmpty when there is none yet; ChannelClosed
   * at the end
   */
  receiveNowait(): T {
    return this.#pipe.getNowait();
  }

  /**
   * Waits for the next item: `{ value }`, or `{ done: true }` at the end. Cancel-safe. @throws
   * AbortError when `signal` aborts
   */
  next(options: SignalOptions = {}): Future<IteratorResult<T, undefined>> {
    return new NextStep(this.#pipe.get(options), ChannelClosed);
  }

  /** Receives until the end; leaving the iteration early leaves the channel open. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    return new StepIterator(this);
  }

  /**
   * Closes it from the receiving side: items left are dropped, and sending throws ChannelClosed.
   */
  close(): void {
    this.#closed = true;
    this.#pipe.shutdown(true);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  toString(): string {
    return (
      `<Channel maxsize=${this.maxsize} qsize=${this.qsize()} senders=${this.#senders}` +
      `${this.#closed ? ' closed' : ''}>`
    );
  }

  /** @internal */
  _send(item: T, options: SignalOptions): Future<void> {
    return this.#pipe.put(item, options);
  }

  /** @internal */
  _sendNowait(item: T): void {
    this.#pipe.putNowait(item);
  }

  /** @internal */
  _full(): boolean {
    return !this.#closed && this.#pipe.full();
  }

  /** @internal */
  _senderClosed(): void {
    if (--this.#senders > 0) return;
    this.#closed = true;
    this.#pipe.shutdown();
  }
}

showsText(Channel);
