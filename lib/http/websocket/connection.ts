/**
 * One WebSocket, of a server or a client: messages in and out, until it is closed.
 *
 * It consists of layers, one file each, from sending frames up to calling callbacks. The layers are
 * subclasses, not objects that hold each other, so that an idle WebSocket is one object and a
 * message passes through no extra calls:
 *
 *     WebSocketConnection (here)  public methods; topics
 *     CallingSocket               callbacks, and the coroutines that they start
 *     ReceivingSocket             messages, and those that wait to be taken
 *     LiveSocket                  pings, and detecting silent peers
 *     ClosingSocket               the close handshake, and cleaning up
 *     SendingSocket               frames, and limits for unsent ones
 *     NativeStream                the socket in C++
 */
import { RuntimeError } from '../../core/errors/errors.ts';
import type { Future } from '../../core/future/future.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { showsText } from '../../core/support/shows-text.ts';
import type { Data } from '../../io/data.ts';
import { ADDRESS_PEER } from '../../native/layout.ts';
import { NextStep } from '../../sync/next-step.ts';
import { NO_OPTIONS } from '../../tasks/abort.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import { type Step, StepIterator } from '../../tasks/step-iterator.ts';
import { checkCloseCode, checkReason, GOING_AWAY, NORMAL } from './close-codes.ts';
import { CallingSocket } from './calling.ts';
import type { Deflate } from './deflate.ts';
import { WebSocketClosedError } from './errors.ts';
import type { WebSocketMessage } from './message.ts';
import { CLOSED, CLOSING, OPEN } from './sending.ts';
import type { SendResult } from './sending.ts';
import type { Kind } from './settings.ts';
import { SharedMessage } from './shared-message.ts';

export type { WebSocketMessage } from './message.ts';
export type { SendResult } from './sending.ts';

/**
 * An open WebSocket, of a server (`websocket`) or a client (`session.websocket`,
 * `connectWebSocket`). Messages are sent with `send`. Received ones go to the `message` callback,
 * or else to `receive()` and `for await`.
 *
 * @example
 * for await (const message of socket) {
 *   if (socket.send(message) === 'queued') await socket.drain();
 * }
 */
export class WebSocketConnection extends CallingSocket {
  /** For the program's own use; undefined until it is set. */
  data: any = undefined;

  /** The negotiated sub-protocol; '' for none. */
  readonly protocol: string;

  /** @internal */
  constructor(
    loop: EventLoop,
    handle: number,
    generation: number,
    kind: Kind,
    protocol: string,
    deflate: Deflate | null,
  ) {
    super(loop, handle, generation, kind, deflate);
    this.protocol = protocol;
  }

  /** Whether messages can be sent. */
  get open(): boolean {
    return this._state === OPEN;
  }

  /** Whether the connection is gone. */
  get closed(): boolean {
    return this._state === CLOSED;
  }

  /** The code it is or was closed with; 1006 if the connection broke; null while it is open. */
  get closeCode(): number | null {
    return this._state === OPEN ? null : this._code;
  }

  /** The reason given by the closing side; '' for none. */
  get closeReason(): string {
    return this._reason;
  }

  /** Bytes passed to `send` that the system has not taken yet. */
  get bufferedAmount(): number {
    return this._state === CLOSED ? 0 : this._unsent();
  }

  /** Whether messages are compressed (permessage-deflate). */
  get compressed(): boolean {
    return this._deflate !== null;
  }

  /** Address of the peer, or null once it is closed. */
  get remoteAddress(): string | null {
    if (this._state === CLOSED) return null;
    const end = this._rings.engine.address(this._handle, this._generation, ADDRESS_PEER);
    return typeof end === 'number' ? null : end[0];
  }

  /**
   * Sends a message: a string as text, anything else as bytes. Messages of one turn are sent
   * together. Bytes of more than 64 KiB may be sent without a copy, so they must not be changed
   * until `drain()`.
   *
   * @returns `'sent'`: the peer keeps up; `'queued'`: the message waits with others, and `drain()`
   *   waits until the peer has caught up; `'dropped'`: it was not sent, since it is closed or
   *   `maxBackpressure` was reached
   * @throws TypeError when it is neither text nor bytes
   */
  send(data: Data): SendResult {
    return this._send(data);
  }

  /**
   * Waits until the peer has taken enough for more to be sent; done at once if it keeps up.
   * Cancel-safe.
   * @throws WebSocketClosedError when it closes first; AbortError when `signal` aborts
   */
  drain(options: SignalOptions = NO_OPTIONS): Future<void> {
    return this._drain(options);
  }

  /**
   * The next message. While messages are not taken, only a few more are received. Cancel-safe: a
   * cancelled call takes no message.
   * @throws WebSocketClosedError when it is closed and all messages were taken; RuntimeError when
   *   another call is waiting, or there is a `message` callback; AbortError when `signal` aborts
   */
  receive(options: SignalOptions = NO_OPTIONS): Future<WebSocketMessage> {
    return this._receive(options);
  }

  /** As `receive()`, but returns `{ done: true }` when it is closed. Cancel-safe. */
  next(options: SignalOptions = NO_OPTIONS): Future<Step<WebSocketMessage>> {
    return new NextStep(this.receive(options), WebSocketClosedError);
  }

  /**
   * The messages until it is closed, for whatever reason; leaving the loop early leaves it open.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<WebSocketMessage, undefined> {
    return new StepIterator(this);
  }

  /**
   * Pings the peer.
   * @param data - up to 125 bytes, which the answer repeats
   * @returns done when the answer arrives; cancelled when it closes first. Cancel-safe.
   * @throws RangeError for more than 125 bytes; TypeError when `data` is neither text nor bytes;
   *   AbortError when `signal` aborts
   */
  ping(data: Data = '', options: SignalOptions = NO_OPTIONS): Future<void> {
    return this._ping(data, options);
  }

  /**
   * Closes it: pending messages are sent first, then the close frame; the peer answers, and the
   * connection ends. Messages received meanwhile are dropped. A peer that does not answer within
   * `closeTimeout` is dropped.
   *
   * @param code - 1000 to 1003, 1007 to 1014, or 3000 to 4999; default 1000
   * @param reason - up to 123 bytes of UTF-8
   * @returns done when the connection is gone; cancelling the wait does not undo the closing
   * @throws TypeError, RangeError for a code or a reason that cannot be sent
   */
  close(code: number = NORMAL, reason = ''): Future<void> {
    checkCloseCode(code);
    checkReason(reason);
    this._closeWith(code, reason);
    return this.waitClosed();
  }

  /** Drops the connection at once, with everything unsent. The peer sees it as broken (1006). */
  abort(): void {
    this._abort();
  }

  /** Waits until the connection is gone. Cancel-safe. @throws AbortError when `signal` aborts */
  waitClosed(options: SignalOptions = NO_OPTIONS): Future<void> {
    return this._waitClosed(options);
  }

  /**
   * Subscribes to a topic of the server: messages published under it are sent to the peer, until it
   * closes.
   * @throws RuntimeError on a client; TypeError unless the topic is a string
   */
  subscribe(topic: string): void {
    const topics = this.#topicsOf('subscribe()', topic);
    if (this._state !== OPEN) return;
    (this._topics ??= new Set()).add(topic);
    topics.add(topic, this);
  }

  /** Ends a subscription. @returns whether it was subscribed. @throws as `subscribe` */
  unsubscribe(topic: string): boolean {
    const topics = this.#topicsOf('unsubscribe()', topic);
    if (this._topics === null || !this._topics.delete(topic)) return false;
    topics.delete(topic, this);
    return true;
  }

  /** Whether it is subscribed to the topic. */
  isSubscribed(topic: string): boolean {
    return this._topics !== null && this._topics.has(topic);
  }

  /**
   * Sends a message to all other subscribers of a topic of the server.
   * @returns how many it was sent to
   * @throws TypeError when it is neither text nor bytes; RuntimeError on a client
   */
  publish(topic: string, data: Data): number {
    const topics = this.#topicsOf('publish()', topic);
    return topics.publish(topic, new SharedMessage(this._rings, data), this);
  }

  #topicsOf(where: string, topic: string): NonNullable<Kind['topics']> {
    if (typeof topic !== 'string') throw new TypeError(`${where}: topic must be a string`);
    const { topics } = this._kind;
    if (topics === null) throw new RuntimeError(`${where}: topics are a server's`);
    return topics;
  }

  /** @internal For the server: no requests are pending, since the only one was answered. */
  get _pending(): number {
    return 0;
  }

  /** @internal For the server: closes it when the server shuts down. */
  _stop(): void {
    this._closeWith(GOING_AWAY, 'the server shuts down');
  }

  /**
   * @internal For the server, which sweeps its idle connections; a WebSocket has its own timeout.
   */
  _sweep(): void {}

  /** @internal */
  override _onClosed(): void {
    this._kind.pulse?.delete(this);
    super._onClosed();
  }

  override toString(): string {
    const state =
      this._state === OPEN ? 'open' : this._state === CLOSING ? 'closing' : `closed ${this._code}`;
    const protocol = this.protocol === '' ? '' : `, ${this.protocol}`;
    return `WebSocketConnection { ${state}${protocol} }`;
  }

  /** Closes it at the end of an `await using` block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

showsText(WebSocketConnection);
