import { making } from '../tasks/making.ts';
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { ChannelClosed } from '../core/errors/errors.ts';
import { Future } from '../core/future/future.ts';
import { failedFuture } from '../core/future/done-future.ts';
import { Reservation } from '../core/future/reservation.ts';
import { describe } from '../core/support/describe.ts';
import { checkOptions } from '../core/support/options.ts';
import { showsText } from '../core/support/shows-text.ts';
import type { Coro } from '../core/support/types.ts';
import type { Data } from '../io/data.ts';
import type { DatagramSocket } from '../io/datagram-socket.ts';
import type { AnySocketAddress, SocketAddress } from '../io/transport-socket.ts';
import { abortedFirst, abortWith, NO_OPTIONS, type SignalOptions } from '../tasks/abort.ts';
import { StepIterator, type Step } from '../tasks/step-iterator.ts';
import { createDatagramIn, DATAGRAM_OPTIONS, type DatagramOptions } from './create-datagram.ts';
import { DatagramProtocol } from './datagram-protocol.ts';
import type { DatagramTransport } from './datagram-transport.ts';
import { loopWithNetwork } from './running-loop.ts';
import { LOST } from './flags.ts';

/** A datagram and its sender. */
export interface ReceivedDatagram<A extends AnySocketAddress = SocketAddress> {
  readonly data: Buffer;
  /** The sender's address; for a Unix socket its path, empty when it has none. */
  readonly address: A;
}

/** Options of `openDatagram`. */
export interface EndpointOptions extends DatagramOptions {
  /** How many datagrams may wait to be received; default 1024. */
  queueSize?: number;
  /** How many bytes they may have in all; default 4 MiB. */
  queueBytes?: number;
  /** Which one is dropped when one arrives and there is no room; default `'newest'`: that one. */
  overflow?: 'newest' | 'oldest';
}

const QUEUE_SIZE = 1024;
const QUEUE_BYTES = 4 * 1024 * 1024;
/** Up to this size a copy is cheaper than keeping a whole receive chunk alive. */
const COPIED_MAX = 16 * 1024;

type Received = ReceivedDatagram<any>;
type Item = Received | Error;

/** A wait for a datagram, which is handed over when the task resumes: a cancel loses none. */
class Receiving<T> extends Reservation<T> {
  protected readonly inbox: Inbox;

  constructor(loop: AbstractEventLoop, inbox: Inbox) {
    super({ loop });
    this.inbox = inbox;
  }

  override _release(): void {
    this.inbox._release();
  }

  override _settle(state: number, value: unknown): void {
    this.inbox._forget(this);
    super._settle(state, value);
  }
}

/** A call of `receive()`. */
class Receive extends Receiving<Received> {
  override _claim(): Received {
    return this.inbox._claim();
  }
}

/** The same as a step of an iteration, which ends when the endpoint is closed. */
class ReceiveStep extends Receiving<Step<Received>> {
  override _claim(): Step<Received> {
    if (this.inbox._ended()) return { done: true, value: undefined };
    return { done: false, value: this.inbox._claim() };
  }
}

/**
 * Datagrams that arrived and were not received yet. The first `#promised` of them are reserved for
 * waits that have been granted but not claimed yet.
 */
class Inbox extends DatagramProtocol<AnySocketAddress> {
  readonly closed: Future<void>;
  dropped = 0;
  readonly #loop: AbstractEventLoop;
  readonly #size: number;
  readonly #bytesMax: number;
  readonly #dropsOldest: boolean;
  #items: Item[] = [];
  #bytes = 0;
  #promised = 0;
  readonly #waiting: Set<Receiving<any>> = new Set();
  #isClosed = false;
  #drained: Future<void> | null = null;
  #paused = false;

  constructor(loop: AbstractEventLoop, options: EndpointOptions) {
    super();
    this.#loop = loop;
    this.closed = new Future<void>({ loop });
    this.#size = options.queueSize ?? QUEUE_SIZE;
    this.#bytesMax = options.queueBytes ?? QUEUE_BYTES;
    this.#dropsOldest = options.overflow === 'oldest';
  }

  get size(): number {
    return this.#items.length;
  }

  override datagramReceived(data: Buffer, address: AnySocketAddress): void {
    const waiter = this.#nextWaiter();
    if (waiter === null && !this.#makeRoom(data.length)) {
      this.dropped++;
      return;
    }
    const kept = waiter === null && data.length <= COPIED_MAX ? Buffer.from(data) : data;
    this.#items.push({ data: kept, address });
    this.#bytes += data.length;
    this.#promise(waiter);
  }

  override errorReceived(error: Error): void {
    const waiter = this.#nextWaiter();
    if (waiter === null && this.#items.at(-1) instanceof Error) return;
    this.#items.push(error);
    this.#promise(waiter);
  }

  override pauseWriting(): void {
    this.#paused = true;
  }

  override resumeWriting(): void {
    this.#paused = false;
    const drained = this.#drained;
    this.#drained = null;
    if (drained !== null && !drained.done()) drained.setResult(undefined);
  }

  override connectionLost(): void {
    this.end();
    this.resumeWriting();
    if (!this.closed.done()) this.closed.setResult(undefined);
  }

  /** The socket is closed; datagrams that have arrived can still be received. */
  end(): void {
    this.#isClosed = true;
    for (let next = this.#nextWaiter(); next !== null; next = this.#nextWaiter()) {
      this.#promise(next);
    }
  }

  /** Gives a reservation the next item, now or when one arrives. */
  wait<R extends Receiving<any>>(receive: R): R {
    if (this.#isClosed || this.#items.length > this.#promised) {
      this.#promised++;
      receive._grant();
      return receive;
    }
    this.#waiting.add(receive);
    return receive;
  }

  drain(): Future<void> {
    const future = new Future<void>({ loop: this.#loop });
    if (!this.#paused || this.#isClosed) {
      future.setResult(undefined);
      return future;
    }
    const drained = (this.#drained ??= new Future<void>({ loop: this.#loop }));
    drained._addWaiter({ _wake: () => void (future.done() || future.setResult(undefined)) });
    return future;
  }

  /** @internal Removes a waiter that was cancelled. */
  _forget(waiter: Receiving<any>): void {
    this.#waiting.delete(waiter);
  }

  /** @internal */
  _ended(): boolean {
    return this.#isClosed && this.#items.length === 0;
  }

  /** @internal Hands over the first item. */
  _claim(): Received {
    this.#promised = Math.max(0, this.#promised - 1);
    const item = this.#items.shift();
    if (item === undefined) throw new ChannelClosed('the datagram endpoint is closed');
    if (item instanceof Error) throw item;
    this.#bytes -= item.data.length;
    return item;
  }

  /** @internal A waiter was cancelled after it was promised an item: the next one gets it. */
  _release(): void {
    this.#promised = Math.max(0, this.#promised - 1);
    if (this.#items.length > this.#promised) this.#promise(this.#nextWaiter());
  }

  #promise(waiter: Receiving<any> | null): void {
    if (waiter === null) return;
    this.#promised++;
    waiter._grant();
  }

  /** Removes and returns the waiter that has waited longest. */
  #nextWaiter(): Receiving<any> | null {
    for (const waiter of this.#waiting) {
      this.#waiting.delete(waiter);
      return waiter;
    }
    return null;
  }

  /** @returns whether there is room for one more datagram */
  #makeRoom(bytes: number): boolean {
    const fits = (): boolean =>
      this.#items.length < this.#size && this.#bytes + bytes <= this.#bytesMax;
    if (!this.#dropsOldest) return fits();
    while (!fits() && this.#items.length > this.#promised) {
      const [oldest] = this.#items.splice(this.#promised, 1);
      if (oldest instanceof Error) continue;
      this.#bytes -= oldest!.data.length;
      this.dropped++;
    }
    return fits();
  }
}

/**
 * A datagram socket for coroutines of both lanes. Created by `openDatagram`. `A` is the type of its
 * addresses: `[host, port]`, or `string` for the paths of Unix sockets.
 *
 * Datagrams that nobody is waiting for are queued: 1024 datagrams or 4 MiB, unless options say
 * otherwise. Those for which the queue has no room are lost and counted in `dropped`; those lost in
 * the kernel before are not counted.
 *
 * @example
 * const endpoint = yield* openDatagram({ localAddr: ['127.0.0.1', 9999] });
 * for (;;) {
 *   const { data, address } = yield* endpoint.receive();
 *   endpoint.send(data, address);
 * }
 */
export class DatagramEndpoint<A extends AnySocketAddress = SocketAddress> {
  readonly transport: DatagramTransport;
  readonly #inbox: Inbox;

  /** @internal */
  constructor(transport: DatagramTransport, inbox: Inbox) {
    this.transport = transport;
    this.#inbox = inbox;
  }

  /** The local address, `[host, port]` or a path; null once it is closed. */
  get address(): A | null {
    const { transport } = this;
    return (transport._flags & LOST) === 0
      ? (transport.getExtraInfo('sockname') as A | null)
      : null;
  }

  /** The socket, for its addresses, multicast groups and options. */
  get socket(): DatagramSocket {
    return this.transport.getExtraInfo('socket');
  }

  /** How many datagrams were lost because the queue had no room for them. */
  get dropped(): number {
    return this.#inbox.dropped;
  }

  /** How many datagrams are waiting to be received. */
  get qsize(): number {
    return this.#inbox.size;
  }

  /**
   * Sends one datagram, as `DatagramTransport.sendto`: never waits, see `drain()`.
   * @throws TypeError or RangeError as `sendto`
   */
  send(data: Data, address: A | null = null): void {
    this.transport.sendto(data, address);
  }

  /**
   * Waits while more than the high watermark is unsent. Cancel-safe.
   * @throws AbortError when `signal` aborts
   */
  drain(options: SignalOptions = NO_OPTIONS): Future<void> {
    const abortion = abortedFirst('drain()', options);
    if (abortion !== null) return this.#failed(abortion);
    return abortWith(this.#inbox.drain(), options.signal);
  }

  /**
   * Receives the next datagram. Cancel-safe: a cancelled call takes none.
   * @throws ChannelClosed when the endpoint is closed and everything was received; an error with
   * code `ECONNREFUSED`, `EMSGSIZE`, … when a datagram could not be sent: the endpoint stays
   * usable; AbortError when `signal` aborts
   */
  receive(options: SignalOptions = NO_OPTIONS): Future<ReceivedDatagram<A>> {
    const abortion = abortedFirst('receive()', options);
    if (abortion !== null) return this.#failed(abortion);
    return abortWith(
      this.#inbox.wait(new Receive(this.transport._loop, this.#inbox)),
      options.signal,
    );
  }

  /** As `receive()`, but returns `{ done: true }` when the endpoint is closed. Cancel-safe. */
  next(options: SignalOptions = NO_OPTIONS): Future<Step<ReceivedDatagram<A>>> {
    const abortion = abortedFirst('next()', options);
    if (abortion !== null) return this.#failed(abortion);
    return abortWith(
      this.#inbox.wait(new ReceiveStep(this.transport._loop, this.#inbox)),
      options.signal,
    );
  }

  /** Iterates over datagrams until the endpoint is closed; leaving the loop does not close it. */
  [Symbol.asyncIterator](): AsyncIterableIterator<ReceivedDatagram<A>, undefined> {
    return new StepIterator(this);
  }

  #failed<T>(error: unknown): Future<T> {
    return failedFuture<T>({ loop: this.transport._loop }, error);
  }

  /** Closes once unsent datagrams are sent. Waiting receives end with an error. May be repeated. */
  close(): void {
    this.transport.close();
    this.#inbox.end();
  }

  /** Closes at once: what is unsent is dropped. */
  abort(): void {
    this.transport.abort();
    this.#inbox.end();
  }

  /** Whether it is closing or closed. */
  isClosing(): boolean {
    return this.transport.isClosing();
  }

  /** Waits until the socket is closed. Cancel-safe. @throws AbortError when `signal` aborts */
  waitClosed(options: SignalOptions = NO_OPTIONS): Future<void> {
    const abortion = abortedFirst('waitClosed()', options);
    if (abortion !== null) return this.#failed(abortion);
    const { closed } = this.#inbox;
    const future = new Future<void>({ loop: this.transport._loop });
    if (closed.done()) future.setResult(undefined);
    else closed._addWaiter({ _wake: () => void (future.done() || future.setResult(undefined)) });
    return abortWith(future, options.signal);
  }

  /** `await using`: closes it and waits until it is closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.waitClosed();
  }

  toString(): string {
    const state = this.transport._state();
    const waits = this.qsize === 0 ? '' : ` ${this.qsize} waiting`;
    return `<DatagramEndpoint ${state}${waits}>`;
  }
}

showsText(DatagramEndpoint);

/**
 * Opens a datagram socket (UDP, or Unix when an address is a path) in the running loop, for use in
 * coroutines: `send`, `receive`, `for await`. In TypeScript, `openDatagram<string>()` for Unix
 * sockets.
 *
 * @throws as `createDatagramEndpoint`
 * @example
 * const endpoint = yield* openDatagram({ remoteAddr: ['127.0.0.1', 9999] });
 * endpoint.send('ping');
 * const { data } = yield* endpoint.receive();
 */
export function openDatagram<A extends AnySocketAddress = SocketAddress>(
  options: EndpointOptions = {},
): Future<DatagramEndpoint<A>> {
  const loop = loopWithNetwork('openDatagram()');
  checkOptions('openDatagram()', options, [
    'queueSize',
    'queueBytes',
    'overflow',
    ...DATAGRAM_OPTIONS,
  ]);
  const { queueSize, queueBytes, overflow, ...others } = options;
  checkCount(queueSize, 'queueSize');
  checkCount(queueBytes, 'queueBytes');
  if (overflow !== undefined && overflow !== 'newest' && overflow !== 'oldest') {
    throw new RangeError(`overflow must be 'newest' or 'oldest', not ${describe(overflow)}`);
  }
  const opening = createDatagramIn(loop, () => new Inbox(loop, options), others, 'openDatagram()');
  // At once: a cancel before the first step would leave the socket to nobody.
  return making(loop._startTask(endpointOf<A>(opening)), (endpoint) => endpoint.close());
}

function* endpointOf<A extends AnySocketAddress>(
  opening: Future<[DatagramTransport, Inbox]>,
): Coro<DatagramEndpoint<A>> {
  const [transport, inbox] = yield* opening;
  return new DatagramEndpoint(transport, inbox);
}

function checkCount(count: unknown, name: string): void {
  if (count === undefined) return;
  if (typeof count === 'number' && Number.isInteger(count) && count > 0) return;
  throw new RangeError(`${name} must be a positive integer, not ${describe(count)}`);
}
