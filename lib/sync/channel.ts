/** A bounded queue that ends: with its last sender, or with its receiver. */
import { ChannelClosed } from '../core/errors.ts';
import { DONE, PENDING } from '../core/future.ts';
import type { Future, Waiter } from '../core/future.ts';
import { Grant } from '../core/grant.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { numberOption } from './options.ts';
import { Queue } from './queue.ts';
import { failed } from './wait-list.ts';

/** How a channel is made. */
export interface ChannelOptions {
  /** How many items it holds before `send()` waits; 1 by default, Infinity for any number. */
  maxsize?: number | undefined;
}

/** The queue inside, whose end is the channel's. */
class Pipe<T> extends Queue<T> {
  override _ended(): ChannelClosed {
    return new ChannelClosed('the channel is closed');
  }
}

/** The next item as a step of an iteration, so that the end is no error. */
class Step<T> extends Grant<IteratorResult<T, undefined>> implements Waiter {
  readonly #item: Future<T>;

  constructor(item: Future<T>) {
    super({ loop: item._loop });
    this.#item = item;
    if (item._state === PENDING) item._addWaiter(this);
    else this._wake(item);
  }

  _wake(item: Future<T>): void {
    if (item._state === DONE) {
      this._grant();
      return;
    }
    const cancelled = item.cancelled();
    const error = item._takeError();
    if (cancelled) super.cancel((error as { reason?: unknown }).reason);
    else if (error instanceof ChannelClosed) this._settle(DONE, { done: true, value: undefined });
    else this._fail(error);
  }

  override _collect(): IteratorResult<T, undefined> {
    return { done: false, value: this.#item.result() };
  }

  override _revoke(): void {
    this.#item.cancel();
  }

  override cancel(reason?: unknown): boolean {
    return this._state === PENDING ? this.#item.cancel(reason) : super.cancel(reason);
  }
}

/** One way into a channel. The channel ends when every sender is closed. */
export class Sender<T> {
  readonly #channel: Channel<T>;
  #closed = false;

  /** @internal */
  constructor(channel: Channel<T>) {
    this.#channel = channel;
  }

  /** Whether `close()` was called on this sender. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Sends an item, after waiting for room. Cancel-safe: once cancelled, the item is not sent.
   * @throws ChannelClosed when this sender or the channel is closed
   */
  send(item: T, options: SignalOptions = {}): Future<void> {
    return this.#closed ? failed(closedSender()) : this.#channel._pipe.put(item, options);
  }

  /** Sends an item at once. @throws QueueFull; ChannelClosed */
  sendNowait(item: T): void {
    if (this.#closed) throw closedSender();
    this.#channel._pipe.putNowait(item);
  }

  /** Another sender of the same channel, for another producer to close. */
  clone(): Sender<T> {
    if (this.#closed) throw closedSender();
    return this.#channel.sender();
  }

  /** Sends no more. When it was the last sender, receivers get what is left and then the end. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#channel._senderClosed();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function closedSender(): ChannelClosed {
  return new ChannelClosed('the sender is closed');
}

/**
 * A bounded way from many producers to many consumers that knows its end: when the last sender
 * closes, consumers get what is left, and then their iteration ends.
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
export class Channel<T = unknown> {
  /** @internal */ readonly _pipe: Pipe<T>;
  #senders = 0;
  #closed = false;

  /** @throws RangeError when `maxsize` is less than 1 */
  constructor(options: number | ChannelOptions = {}) {
    const maxsize = numberOption('Channel', 'maxsize', options, 1);
    if (maxsize < 1) throw new RangeError(`Channel: maxsize must be >= 1, got ${maxsize}`);
    this._pipe = new Pipe(maxsize);
  }

  /** How many items it holds before `send()` waits. */
  get maxsize(): number {
    return this._pipe.maxsize;
  }

  /** How many items wait to be received. */
  qsize(): number {
    return this._pipe.qsize();
  }

  /** Whether nothing can be sent any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** A new way in. @throws ChannelClosed */
  sender(): Sender<T> {
    if (this.#closed) throw new ChannelClosed('the channel is closed');
    this.#senders++;
    return new Sender(this);
  }

  /** The next item. Cancel-safe. @throws ChannelClosed at the end */
  receive(options: SignalOptions = {}): Future<T> {
    return this._pipe.get(options);
  }

  /** The next item at once. @throws QueueEmpty; ChannelClosed at the end */
  receiveNowait(): T {
    return this._pipe.getNowait();
  }

  /** The next item, or `{ done: true }` at the end. Cancel-safe. */
  next(options: SignalOptions = {}): Future<IteratorResult<T, undefined>> {
    return new Step(this._pipe.get(options));
  }

  /** Receives until the end; leaving the iteration early leaves the channel open. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return { next: () => this.next().then() };
  }

  /** The receiver goes away: what is left is dropped, and sending throws ChannelClosed. */
  close(): void {
    this.#closed = true;
    this._pipe.shutdown(true);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** @internal */
  _senderClosed(): void {
    if (--this.#senders > 0) return;
    this.#closed = true;
    this._pipe.shutdown();
  }
}
