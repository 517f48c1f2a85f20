/** One receiver of a broadcast: a position in the backlog that all receivers share. */
import { describe } from '../core/support/describe.ts';
import { ChannelClosed, LaggedError, QueueEmpty } from '../core/errors/errors.ts';
import type { Future } from '../core/future/future.ts';
import { checkOptions } from '../core/support/options.ts';
import { loopFor } from '../core/context/running.ts';
import { showsText } from '../core/support/shows-text.ts';
import { abortedFirst, abortWith } from '../tasks/abort.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { StepIterator } from '../tasks/step-iterator.ts';
import type { Step } from '../tasks/step-iterator.ts';
import type { Backlog } from './backlog.ts';
import { NextStep } from './next-step.ts';
import { failed, Waiting, WaitList } from './wait-list.ts';
import type { Home } from './wait-list.ts';

/** Options of `broadcast.subscribe`. */
export interface SubscribeOptions {
  /**
   * What happens after the receiver has missed items: `'throw'` (the default): the next receive
   * throws a LaggedError, once, and then continues with the oldest item left; `'skip'`: it
   * continues with that item at once, and `lagged` counts the missed ones.
   */
  lagged?: 'throw' | 'skip' | undefined;
}

/** The interface of a broadcast for its receivers. */
export interface BroadcastSource<T> {
  readonly closed: boolean;
  /** @internal */ readonly _backlog: Backlog<T>;
  /** @internal */ readonly _home: Home;
  /** @internal */ _ended(): ChannelClosed;
  /** @internal */ _promiseRoom(): void;
  /** @internal */ _unsubscribe(receiver: BroadcastReceiver<T>): void;
}

class Receive<T> extends Waiting<T> {
  readonly #receiver: BroadcastReceiver<T>;

  constructor(receiver: BroadcastReceiver<T>) {
    super({ loop: loopFor('receive()') });
    this.#receiver = receiver;
  }

  override _claim(): T {
    return this.#receiver._claimItem();
  }

  override _release(): void {
    this.#receiver._releaseItem();
  }
}

/** Receives every item sent after it was created. Created by `broadcast.subscribe()`. */
export class BroadcastReceiver<T = unknown> {
  readonly #source: BroadcastSource<T>;
  readonly #skips: boolean;
  readonly #waiting: WaitList<Receive<T>>;
  /** The number of the next item to receive, in the backlog. */
  #at: number;
  #promised = 0;
  #lost = 0;
  #closed = false;

  /** @internal */
  constructor(source: BroadcastSource<T>, options: SubscribeOptions) {
    checkOptions('subscribe()', options, ['lagged']);
    const { lagged = 'throw' } = options;
    if (lagged !== 'throw' && lagged !== 'skip') {
      throw new RangeError(
        `subscribe(): lagged must be 'throw' or 'skip', got ${describe(lagged)}`,
      );
    }
    this.#source = source;
    this.#skips = lagged === 'skip';
    this.#at = source._backlog.end;
    this.#waiting = new WaitList(source._home);
  }

  /** How many items are waiting to be received. */
  qsize(): number {
    const { first, end } = this.#source._backlog;
    return this.#closed ? 0 : end - Math.max(this.#at, first);
  }

  /** How many items it has missed by being slow, in total. */
  get lagged(): number {
    return this.#lost + this.#missing();
  }

  /** Whether `close()` was called on this receiver. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Waits for the next item. Cancel-safe: a cancelled call takes no item.
   * @throws LaggedError, once, when items were missed; ChannelClosed at the end; AbortError when
   *   `signal` aborts
   */
  receive(options: SignalOptions = {}): Future<T> {
    const abortion = abortedFirst('receive()', options);
    if (abortion !== null) return failed(abortion);
    if (this.#available() === 0 && this.#hasEnded()) return failed(this.#ended());
    const future = new Receive(this);
    if (this.#available() > 0) {
      this.#promised++;
      future._grant();
      return future;
    }
    this.#waiting.push(future);
    return abortWith(future, options.signal);
  }

  /**
   * Returns the next item without waiting. @throws QueueEmpty when there is none yet; LaggedError;
   * ChannelClosed at the end
   */
  receiveNowait(): T {
    if (this.#available() > 0) return this.#take();
    if (this.#hasEnded()) throw this.#ended();
    throw new QueueEmpty('the receiver has received everything');
  }

  /**
   * Waits for the next item: `{ value }`, or `{ done: true }` at the end. Cancel-safe. @throws
   * LaggedError; AbortError when `signal` aborts
   */
  next(options: SignalOptions = {}): Future<Step<T>> {
    return new NextStep(this.receive(options), ChannelClosed);
  }

  /**
   * Receives until the end. A new iteration may be started after a LaggedError, or after leaving
   * early.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    return new StepIterator(this);
  }

  /**
   * Stops receiving: items it has not received are dropped, and senders no longer wait for it. A
   * second call does nothing.
   */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const backlog = this.#source._backlog;
    this.#source._unsubscribe(this);
    backlog.skip(Math.max(this.#at, backlog.first));
    this.#failWaiting();
    this.#source._promiseRoom();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #hasEnded(): boolean {
    return this.#closed || this.#source.closed;
  }

  #ended(): ChannelClosed {
    return this.#closed ? new ChannelClosed('the receiver is closed') : this.#source._ended();
  }

  /**
   * The number of items that were dropped before it could read them and that have not been reported
   * yet.
   */
  #missing(): number {
    return this.#closed ? 0 : Math.max(0, this.#source._backlog.first - this.#at);
  }

  /**
   * How many results are available and not promised to a waiting call; the report of missed items
   * counts as one.
   */
  #available(): number {
    const news = !this.#skips && this.#missing() > 0 ? 1 : 0;
    return this.qsize() + news - this.#promised;
  }

  #take(): T {
    const missing = this.#missing();
    if (missing > 0) {
      this.#lost += missing;
      this.#at += missing;
      if (!this.#skips) throw new LaggedError(missing);
    }
    const item = this.#source._backlog.read(this.#at++);
    this.#source._promiseRoom();
    return item;
  }

  #failWaiting(): void {
    for (const receive of this.#waiting.takeAll()) {
      if (!receive.done()) receive._fail(this.#ended());
    }
  }

  /** @internal Promises available items to waiting calls. */
  _promise(): void {
    for (
      let receive = this.#waiting.first;
      receive !== null && this.#available() > 0;
      receive = this.#waiting.first
    ) {
      this.#promised++;
      receive._grant();
    }
  }

  /** @internal Nothing more will be sent. An item that was already promised is still delivered. */
  _sourceClosed(): void {
    this.#failWaiting();
  }

  /** @internal The task that was promised an item resumes. */
  _claimItem(): T {
    this.#promised--;
    if (this.#closed) throw this.#ended();
    return this.#take();
  }

  /** @internal The task that was promised an item was cancelled. */
  _releaseItem(): void {
    this.#promised--;
    this._promise();
  }

  toString(): string {
    return (
      `<${this.constructor.name} qsize=${this.qsize()} lagged=${this.lagged}` +
      `${this.#closed ? ' closed' : ''}>`
    );
  }
}

showsText(BroadcastReceiver);
