/**
 * One WebSocket, of a server or a client: messages in and out, until it is closed.
 *
 * Frames are read in C++ (`native/websocket`), which tells of pieces of messages and of control
 * frames. They are written here, straight into the arena that all writes of a turn leave from.
 */
import { current } from '../../core/context/running.ts';
import { CancelledError, isA, RuntimeError } from '../../core/errors/errors.ts';
import type { Future } from '../../core/future/future.ts';
import { doneFuture, failedFuture } from '../../core/future/done-future.ts';
import { Reservation } from '../../core/future/reservation.ts';
import type { Waiter } from '../../core/future/waiters.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { Fifo } from '../../core/support/fifo.ts';
import { showsText } from '../../core/support/shows-text.ts';
import { bytesOf, type Data, lengthOf, notDataError } from '../../io/data.ts';
import { NativeStream } from '../../io/native-stream.ts';
import {
  ADDRESS_PEER,
  COMPLETION_CHUNK,
  COMPLETION_LENGTH,
  COMPLETION_OFFSET,
  COMPLETION_OP_WEB_SOCKET_CONTROL,
  COMPLETION_OP_WEB_SOCKET_DATA,
  COMPLETION_OP_WEB_SOCKET_FAILED,
  COMPLETION_REST,
  COMPLETION_RESULT,
  WEB_SOCKET_ASCII,
  WEB_SOCKET_CLOSE,
  WEB_SOCKET_FIRST,
  WEB_SOCKET_LAST,
  WEB_SOCKET_OWN,
  WEB_SOCKET_PACKED,
  WEB_SOCKET_PING,
  WEB_SOCKET_TEXT,
} from '../../native/layout.ts';
import type { Runnable } from '../../native/rings.ts';
import { NextStep } from '../../sync/next-step.ts';
import { abortedFirst, abortWith, NO_OPTIONS } from '../../tasks/abort.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import { type Step, StepIterator } from '../../tasks/step-iterator.ts';
import { startedBy } from '../message/started-by.ts';
import type { RawBuffer } from '../message/raw-buffer.ts';
import {
  ABNORMAL,
  checkCloseCode,
  checkReason,
  INTERNAL_ERROR,
  INVALID_DATA,
  NO_CODE,
  NORMAL,
  refusalOf,
  TOO_LARGE,
} from './close-codes.ts';
import { type Deflate, TooLargeUnpacked } from './deflate.ts';
import { WebSocketClosedError } from './errors.ts';
import {
  BINARY,
  CLOSE,
  frameOf,
  HEADER_MAX,
  headerSize,
  maskFrame,
  PACKED,
  PING,
  PONG,
  TEXT,
  writeHeader,
} from './frames.ts';
import { MessageBuffer } from './message-buffer.ts';
import type { Kind } from './settings.ts';
import { SharedMessage } from './shared-message.ts';
import type { Subscriber } from './topics.ts';
import type { Beating } from './pulse.ts';

/** A message: text, or bytes of the receiver's own. */
export type WebSocketMessage = string | Buffer<ArrayBuffer>;

/** What became of a message that was sent. */
export type SendResult = 'sent' | 'queued' | 'dropped';

const OPEN = 0;
/** A close frame was sent or has come. */
const CLOSING = 1;
const CLOSED = 2;

/** Text and bytes up to here are written straight into the arena. */
const SMALL = 4096;
/** Text up to here is written letter by letter, which is faster than a call of an encoder. */
const TINY = 64;
/** Messages, and bytes of them, that wait for who takes them before no more is received. */
const UNREAD_MAX = 32;
const UNREAD_BYTES = 64 * 1024;

/** What few WebSockets need at a time. */
class Extras {
  /** Messages that nobody has taken. */
  readonly unread: Fifo<WebSocketMessage> = new Fifo();
  unreadBytes = 0;
  /** Who waits for a message. */
  receiver: Receipt | null = null;
  drains: Future<void>[] = [];
  closes: Future<void>[] = [];
  pings: Array<{ payload: string; future: Future<void> }> = [];
  /** The last ping that came while there was no room for its answer. */
  pong: Buffer | null = null;
  closeTimer: { cancel(): void } | null = null;
  /** The close callback was called. */
  told = false;
}

/**
 * A WebSocket that is open, of a server (`websocket`) or a client (`session.websocket`,
 * `connectWebSocket`). Messages are sent with `send`, and come to the `message` callback or to
 * `receive()` and `for await`.
 *
 * @example
 * for await (const message of socket) {
 *   if (socket.send(message) === 'queued') await socket.drain();
 * }
 */
export class WebSocketConnection
  extends NativeStream
  implements Waiter, Runnable, Subscriber, Beating
{
  /** Whatever belongs to it; undefined until somebody sets it. */
  data: any = undefined;
  /** The sub-protocol that was agreed on; '' for none. */
  readonly protocol: string;
  readonly _kind: Kind;
  readonly _deflate: Deflate | null;
  #state = OPEN;
  #code = 0;
  #reason = '';
  #closeSent = false;
  #closeCame = false;
  #paused = false;
  #drainAsked = false;
  #pinged = false;
  #since = 0;
  #unconfirmed = 0;
  #partial: MessageBuffer | null = null;
  #partialAscii = true;
  #extras: Extras | null = null;
  #topics: Set<string> | null = null;
  /** The callback that runs, or the coroutine that has the WebSocket. */
  #running: Future<unknown> | null = null;

  /** @internal */
  constructor(
    loop: EventLoop,
    handle: number,
    generation: number,
    kind: Kind,
    protocol: string,
    deflate: Deflate | null,
  ) {
    super(loop, handle, generation);
    this._kind = kind;
    this.protocol = protocol;
    this._deflate = deflate;
  }

  /** @internal It is open: callbacks may be called. */
  _begin(about: unknown): void {
    const { callbacks, pulse } = this._kind;
    if (pulse !== null) {
      this.#since = pulse.tick;
      pulse.add(this);
    }
    this._startReading();
    if (callbacks.main !== null) this.#call(callbacks.main, about);
    else if (callbacks.open !== null) this.#call(callbacks.open, about);
  }

  /** Whether messages can be sent. */
  get open(): boolean {
    return this.#state === OPEN;
  }

  /** Whether the connection is gone. */
  get closed(): boolean {
    return this.#state === CLOSED;
  }

  /** What it is or was closed with: 1006 where the connection broke; null while it is open. */
  get closeCode(): number | null {
    return this.#state === OPEN ? null : this.#code;
  }

  /** What the closing side said about it. */
  get closeReason(): string {
    return this.#reason;
  }

  /** @internal Whether both sides have said that they close. */
  get _clean(): boolean {
    return this.#closeSent && this.#closeCame;
  }

  /** Bytes that were sent and that the system has not taken yet. */
  get bufferedAmount(): number {
    return this.#state === CLOSED ? 0 : this._unsent();
  }

  /** Whether messages are packed (permessage-deflate). */
  get compressed(): boolean {
    return this._deflate !== null;
  }

  /** Address of the other end, or null when the connection is gone. */
  get remoteAddress(): string | null {
    if (this.#state === CLOSED) return null;
    const end = this._rings.engine.address(this._handle, this._generation, ADDRESS_PEER);
    return typeof end === 'number' ? null : end[0];
  }

  /**
   * Sends a message: text as it is, or bytes. What one turn sends leaves together. Bytes of more
   * than 64 KiB may be sent from where they are, so they must not be changed until `drain()`.
   *
   * @returns `'sent'`: the peer keeps up; `'queued'`: the message waits with others, `drain()` says
   *   when the peer has caught up; `'dropped'`: it is closed, or `maxBackpressure` was reached
   * @throws TypeError for what is neither text nor bytes
   */
  send(data: Data): SendResult {
    if (typeof data === 'string') {
      if (this.#state !== OPEN) return 'dropped';
      if (this.#packs(data.length)) return this.#sendPacked(TEXT, Buffer.from(data));
      if (!this.#hasRoom(data.length)) return 'dropped';
      if (data.length <= SMALL && this._outbox === null) this.#writeText(data);
      else this.#writeFrame(TEXT, Buffer.from(data));
      return this.#noteBacklog();
    }
    const bytes = bytesOf(data);
    if (bytes === undefined) throw notDataError(data);
    if (this.#state !== OPEN) return 'dropped';
    const length = lengthOf(bytes);
    if (this.#packs(length)) return this.#sendPacked(BINARY, bytes);
    if (!this.#hasRoom(length)) return 'dropped';
    this.#writeFrame(BINARY, bytes);
    return this.#noteBacklog();
  }

  /**
   * Waits until the peer has taken enough for more to be sent; done at once when it keeps up.
   * Cancel-safe.
   * @throws WebSocketClosedError when it closes before; AbortError when `signal` aborts
   */
  drain(options: SignalOptions = NO_OPTIONS): Future<void> {
    const abortion = abortedFirst('drain()', options);
    if (abortion !== null) return failedFuture({ loop: this._loop }, abortion);
    if (this.#state === CLOSED) return failedFuture({ loop: this._loop }, this.#closedError());
    if (!this._isFull()) return doneFuture<void>({ loop: this._loop }, undefined);
    const future = this._loop.createFuture<void>();
    (this.#extras ??= new Extras()).drains.push(future);
    this.#askForDrain();
    return abortWith(future, options.signal);
  }

  /**
   * The next message. While nobody takes messages, no more than a few are received. Cancel-safe:
   * once cancelled, it takes none.
   * @throws WebSocketClosedError when it is closed and all messages were taken; RuntimeError when
   *   somebody else waits, or there is a `message` callback; AbortError when `signal` aborts
   */
  receive(options: SignalOptions = NO_OPTIONS): Future<WebSocketMessage> {
    const abortion = abortedFirst('receive()', options);
    if (abortion !== null) return failedFuture({ loop: this._loop }, abortion);
    if (this._kind.callbacks.message !== null) {
      throw new RuntimeError('receive(): messages go to the message callback');
    }
    const extras = (this.#extras ??= new Extras());
    const before = extras.receiver;
    if (before !== null && (before._untaken || !before.done())) {
      throw new RuntimeError('receive(): another coroutine is already waiting for a message');
    }
    const receipt = new Receipt(this);
    if (extras.unread.size !== 0) receipt._grant();
    else if (this.#state === CLOSED) receipt._fail(this.#closedError());
    else {
      extras.receiver = receipt;
      return abortWith(receipt, options.signal);
    }
    return receipt;
  }

  /** @internal For whoever was promised one. */
  _takeMessage(): WebSocketMessage {
    const extras = this.#extras!;
    if (extras.unread.size === 0) throw this.#closedError();
    return this.#take(extras);
  }

  /** As `receive()`, but gives `{ done: true }` when it is closed. Cancel-safe. */
  next(options: SignalOptions = NO_OPTIONS): Future<Step<WebSocketMessage>> {
    return new NextStep(this.receive(options), WebSocketClosedError);
  }

  /** The messages until it is closed, however that comes; leaving early leaves it open. */
  [Symbol.asyncIterator](): AsyncIterableIterator<WebSocketMessage, undefined> {
    return new StepIterator(this);
  }

  /**
   * Pings the peer.
   * @param data - up to 125 bytes that the answer repeats
   * @returns done when the answer has come; cancelled when it closes before that. Cancel-safe.
   * @throws RangeError for more bytes; AbortError when `signal` aborts
   */
  ping(data: Data = '', options: SignalOptions = NO_OPTIONS): Future<void> {
    const bytes = typeof data === 'string' ? Buffer.from(data) : bytesOf(data);
    if (bytes === undefined) throw notDataError(data);
    if (bytes.length > 125) {
      throw new RangeError(`ping(): data may have 125 bytes, not ${bytes.length}`);
    }
    const abortion = abortedFirst('ping()', options);
    if (abortion !== null) return failedFuture({ loop: this._loop }, abortion);
    const future = this._loop.createFuture<void>();
    if (this.#state !== OPEN) {
      future.cancel('the WebSocket is closed');
      return future;
    }
    const payload = Buffer.from(bytes).toString('latin1');
    (this.#extras ??= new Extras()).pings.push({ payload, future });
    this.#writeFrame(PING, bytes);
    return abortWith(future, options.signal);
  }

  /**
   * Closes it: what was sent goes first, then the peer answers, and the connection ends. What comes
   * meanwhile is dropped. A peer that does not answer within `closeTimeout` is dropped.
   *
   * @param code - 1000 to 1003, 1007 to 1014, or 3000 to 4999
   * @param reason - up to 123 bytes of UTF-8
   * @returns done when the connection is gone; cancelling it does not take the closing back
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

  /** Done when the connection is gone. Cancel-safe. @throws AbortError when `signal` aborts */
  waitClosed(options: SignalOptions = NO_OPTIONS): Future<void> {
    const abortion = abortedFirst('waitClosed()', options);
    if (abortion !== null) return failedFuture({ loop: this._loop }, abortion);
    if (this.#state === CLOSED) return doneFuture<void>({ loop: this._loop }, undefined);
    const future = this._loop.createFuture<void>();
    (this.#extras ??= new Extras()).closes.push(future);
    return abortWith(future, options.signal);
  }

  /**
   * Gets what is published under a topic of the server, until it closes.
   * @throws RuntimeError for a client's
   */
  subscribe(topic: string): void {
    const topics = this.#topicsOf('subscribe()', topic);
    if (this.#state !== OPEN) return;
    (this.#topics ??= new Set()).add(topic);
    topics.add(topic, this);
  }

  /** Gets no more of it. @returns whether it was subscribed */
  unsubscribe(topic: string): boolean {
    const topics = this.#topicsOf('unsubscribe()', topic);
    if (this.#topics === null || !this.#topics.delete(topic)) return false;
    topics.delete(topic, this);
    return true;
  }

  /** Whether it is subscribed to the topic. */
  isSubscribed(topic: string): boolean {
    return this.#topics !== null && this.#topics.has(topic);
  }

  /**
   * Sends a message to all who have subscribed to a topic of the server, but itself.
   * @returns how many it was sent to
   * @throws TypeError for what is neither text nor bytes; RuntimeError for a client's
   */
  publish(topic: string, data: Data): number {
    const topics = this.#topicsOf('publish()', topic);
    return topics.publish(topic, new SharedMessage(this._rings, data), this);
  }

  override toString(): string {
    const state =
      this.#state === OPEN ? 'open' : this.#state === CLOSING ? 'closing' : `closed ${this.#code}`;
    const protocol = this.protocol === '' ? '' : `, ${this.protocol}`;
    return `WebSocketConnection { ${state}${protocol} }`;
  }

  /** `await using` closes it at the end of the block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  // --- what comes ------------------------------------------------------------------------------

  /** @internal */
  _complete(op: number, words: Int32Array, at: number): void {
    current.values = this._kind.values;
    switch (op) {
      case COMPLETION_OP_WEB_SOCKET_DATA:
        this.#seen();
        this.#onPiece(
          words[at + COMPLETION_RESULT]!,
          words[at + COMPLETION_CHUNK]!,
          words[at + COMPLETION_OFFSET]!,
          words[at + COMPLETION_LENGTH]!,
          words[at + COMPLETION_REST]! >>> 0,
        );
        return;
      case COMPLETION_OP_WEB_SOCKET_CONTROL: {
        this.#seen();
        const bytes = this._loop._chunk(words[at + COMPLETION_CHUNK]!) as RawBuffer;
        const offset = words[at + COMPLETION_OFFSET]!;
        const payload = bytes.subarray(offset, offset + words[at + COMPLETION_LENGTH]!);
        this.#onControl(words[at + COMPLETION_RESULT]!, payload);
        return;
      }
      case COMPLETION_OP_WEB_SOCKET_FAILED:
        this.#fail(...refusalOf(words[at + COMPLETION_RESULT]!));
        return;
      default:
        this._completeCommon(op, words, at);
    }
  }

  #seen(): void {
    const { pulse } = this._kind;
    if (pulse !== null) this.#since = pulse.tick;
    this.#pinged = false;
  }

  #onPiece(flags: number, slot: number, offset: number, length: number, rest: number): void {
    if (this.#state !== OPEN) return;
    const bytes = this._loop._chunk(slot) as RawBuffer;
    const partial = this.#partial;
    if (partial === null) {
      if ((flags & WEB_SOCKET_OWN) !== 0) {
        this.#onMessage(viewOf(bytes, offset, length));
        return;
      }
      const text = (flags & WEB_SOCKET_TEXT) !== 0;
      if (
        (flags & (WEB_SOCKET_FIRST | WEB_SOCKET_LAST | WEB_SOCKET_PACKED)) ===
        (WEB_SOCKET_FIRST | WEB_SOCKET_LAST)
      ) {
        this.#onMessage(
          text
            ? textOf(bytes, offset, length, (flags & WEB_SOCKET_ASCII) !== 0)
            : this._kind.transient
              ? viewOf(bytes, offset, length)
              : ownBytes(bytes, offset, length),
        );
        return;
      }
      const packed = (flags & WEB_SOCKET_PACKED) !== 0;
      this.#partial = new MessageBuffer(text, packed, length, rest);
      this.#partialAscii = true;
    }
    this.#partial!.add(bytes, offset, length, rest);
    if ((flags & WEB_SOCKET_ASCII) === 0) this.#partialAscii = false;
    if ((flags & WEB_SOCKET_LAST) !== 0) this.#finishMessage(this.#partial!);
  }

  #finishMessage(message: MessageBuffer): void {
    this.#partial = null;
    if (message.packed) {
      const bytes = this.#unpack(message);
      if (bytes !== null) this.#onMessage(message.text ? bytes.toString('utf8') : bytes);
    } else if (message.text) {
      const bytes = message.bytes as RawBuffer;
      this.#onMessage(textOf(bytes, 0, message.length, this.#partialAscii));
    } else this.#onMessage(message.take() as Buffer<ArrayBuffer>);
  }

  /** Null when it cannot be unpacked, and the connection fails. */
  #unpack(message: MessageBuffer): Buffer<ArrayBuffer> | null {
    let bytes: Buffer;
    try {
      bytes = this._deflate!.unpack(message.bytes.subarray(0, message.length));
    } catch (error) {
      if (error instanceof TooLargeUnpacked) this.#fail(TOO_LARGE, 'the message is too large');
      else this.#fail(INVALID_DATA, 'the message cannot be unpacked');
      return null;
    }
    if (message.text && !process.getBuiltinModule('node:buffer').isUtf8(bytes)) {
      this.#fail(INVALID_DATA, 'text that is not UTF-8');
      return null;
    }
    return bytes as Buffer<ArrayBuffer>;
  }

  #onMessage(message: WebSocketMessage): void {
    const { message: callback } = this._kind.callbacks;
    const extras = this.#extras;
    if (callback !== null) {
      if (this.#running === null && (extras === null || extras.unread.size === 0)) {
        this.#call(callback, message);
        return;
      }
    }
    this.#keep(message);
    const receiver = this.#extras!.receiver;
    if (receiver !== null && !receiver.done()) receiver._grant();
  }

  /** Nobody takes it now. Few may wait: then nothing more is received. */
  #keep(message: WebSocketMessage): void {
    const extras = (this.#extras ??= new Extras());
    const lent = typeof message !== 'string' && this._kind.transient;
    extras.unread.push(lent ? (Buffer.from(message) as Buffer<ArrayBuffer>) : message);
    extras.unreadBytes += message.length;
    if (!this.#paused && (extras.unread.size >= UNREAD_MAX || extras.unreadBytes >= UNREAD_BYTES)) {
      this.#paused = true;
      this._stopReading();
    }
  }

  #take(extras: Extras): WebSocketMessage {
    const message = extras.unread.shift()!;
    extras.unreadBytes -= message.length;
    const calm = extras.unread.size <= UNREAD_MAX / 2 && extras.unreadBytes <= UNREAD_BYTES / 2;
    if (this.#paused && calm) this.#readOn();
    return message;
  }

  #readOn(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#seen();
    if (this.#state !== CLOSED) this._startReading();
  }

  #onControl(opcode: number, payload: Buffer): void {
    if (opcode === WEB_SOCKET_PING) this.#answerPing(payload);
    else if (opcode === WEB_SOCKET_CLOSE) this.#onClose(payload);
    else this.#onPong(payload.toString('latin1'));
  }

  /**
   * A peer that pings and does not read gets an answer to its last ping only, when there is room
   * (RFC 6455, 5.5.3).
   */
  #answerPing(payload: Buffer): void {
    if (this.#state !== OPEN || this.#closeSent) return;
    if (this._unsent() > this._watermarks.high && this._isFull()) {
      (this.#extras ??= new Extras()).pong = Buffer.from(payload);
      this.#askForDrain();
    } else this.#writeFrame(PONG, payload);
  }

  /** It answers the ping that it repeats, and with that those before. */
  #onPong(payload: string): void {
    const extras = this.#extras;
    if (extras === null) return;
    const index = extras.pings.findIndex((ping) => ping.payload === payload);
    for (const { future } of extras.pings.splice(0, index + 1)) {
      if (!future.done()) future.setResult(undefined);
    }
  }

  #onClose(payload: Buffer): void {
    const code = payload.length === 0 ? NO_CODE : payload.readUInt16BE(0);
    this.#closeCame = true;
    if (this.#state === OPEN) {
      this.#state = CLOSING;
      this.#code = code;
      this.#reason = payload.toString('utf8', 2);
      this.#leaveTopics();
    }
    if (!this.#closeSent) this.#sendClose(code, this.#reason);
    // The server ends the connection, and a client waits for that, for a while.
    if (!this._kind.masks) this._closeWhenSent();
  }

  // --- closing ---------------------------------------------------------------------------------

  /** @internal */
  _closeWith(code: number, reason: string): void {
    if (this.#state !== OPEN) return;
    this.#state = CLOSING;
    this.#code = code;
    this.#reason = reason;
    this.#leaveTopics();
    this.#sendClose(code, reason);
    this.#partial = null;
    // The peer's answer stands behind what nobody takes.
    this.#readOn();
  }

  #sendClose(code: number, reason: string): void {
    this.#closeSent = true;
    const payload = Buffer.alloc(code === NO_CODE ? 0 : 2 + Buffer.byteLength(reason));
    if (code !== NO_CODE) {
      payload.writeUInt16BE(code, 0);
      payload.write(reason, 2);
    }
    this.#writeFrame(CLOSE, payload);
    const extras = (this.#extras ??= new Extras());
    extras.closeTimer = this._loop.callLater(this._kind.limits.closeTimeout, () => this._abort());
  }

  /** The peer has broken the rules: it is told why, and what it still sends is dropped. */
  #fail(code: number, reason: string): void {
    this._closeWith(code, reason);
    if (this.#state === CLOSING) this._shutdownWhenSent();
  }

  /** @internal Drops the connection. */
  _abort(reason = ''): void {
    if (this.#state === CLOSED) return;
    if (this.#state === OPEN) {
      this.#state = CLOSING;
      this.#code = ABNORMAL;
      this.#reason = reason;
      this.#leaveTopics();
    }
    this._dropAndClose();
  }

  /** @internal For the server: its one request is answered. */
  get _pending(): number {
    return 0;
  }

  /** @internal For the server: `shutdown` ends it gently. */
  _stop(): void {
    this._closeWith(1001, 'the server shuts down');
  }

  /** @internal For the server: what runs for it is cancelled. */
  _cancel(reason: string): void {
    this.#running?.cancel(reason);
  }

  /** @internal For the server, which looks after its other connections. */
  _sweep(): void {}

  /** @internal */
  _onEnd(): void {
    if (this.#state === OPEN) this._abort();
    else this._closeWhenSent();
  }

  /** @internal */
  _onFailed(): void {
    this._abort();
  }

  /** @internal */
  _onClosed(): void {
    if (this.#state === OPEN) this.#code = ABNORMAL;
    this.#state = CLOSED;
    this.#partial = null;
    this._kind.pulse?.delete(this);
    this.#leaveTopics();
    this._deflate?.close();
    const extras = (this.#extras ??= new Extras());
    extras.closeTimer?.cancel();
    extras.closeTimer = null;
    for (const { future } of extras.pings.splice(0)) future.cancel('the WebSocket is closed');
    for (const future of extras.drains.splice(0)) {
      if (!future.done()) future.setException(this.#closedError());
    }
    const { receiver } = extras;
    if (receiver !== null && !receiver.done()) receiver._fail(this.#closedError());
    for (const future of extras.closes.splice(0)) {
      if (!future.done()) future.setResult(undefined);
    }
    this.#goOn();
  }

  #closedError(): WebSocketClosedError {
    return new WebSocketClosedError(this.#code, this.#reason);
  }

  #leaveTopics(): void {
    if (this.#topics === null) return;
    for (const topic of this.#topics) this._kind.topics!.delete(topic, this);
    this.#topics = null;
  }

  /** @internal Nothing has come for long: is anybody there? */
  _beat(tick: number): void {
    const { silence } = this._kind.pulse!;
    const silent = tick - this.#since;
    if (silent * 2 <= silence || this.#state === CLOSED) return;
    if (this.#moves()) {
      this.#since = tick;
      return;
    }
    if (this.#paused) {
      // Its answer stands behind what nobody takes; but a connection that is broken is found out.
      this.#since = tick;
      if (this.#state === OPEN) this.#writeFrame(PING, EMPTY);
      return;
    }
    if (silent > silence) {
      this._abort('nothing came for too long');
      return;
    }
    if (this.#pinged || this.#state !== OPEN) return;
    this.#pinged = true;
    this.#writeFrame(PING, EMPTY);
  }

  /** Whether the peer has taken some of what waits for it: it may be too slow to answer. */
  #moves(): boolean {
    const left =
      this._rings.engine.unconfirmed(this._handle, this._generation) +
      (this._outbox === null ? 0 : this._outbox.size);
    const moved = left !== this.#unconfirmed && this.#unconfirmed !== 0;
    this.#unconfirmed = left;
    return moved;
  }

  // --- callbacks -------------------------------------------------------------------------------

  /** Calls one; while what it has started runs, messages wait. */
  #call<A>(callback: (socket: this, argument: A) => unknown, argument: A): void {
    let result: unknown;
    try {
      result = callback(this, argument);
      if (typeof result !== 'object' || result === null) return;
      this.#running = startedBy(this._loop, result);
    } catch (error) {
      this.#onError(error);
      return;
    }
    this.#running?._addWaiter(this);
  }

  /** @internal */
  _wake(future: Future<unknown>): void {
    future._loop._enqueue(this);
  }

  /** @internal What a callback has started is done. */
  _run(): void {
    current.values = this._kind.values;
    const running = this.#running!;
    this.#running = null;
    try {
      running.result();
      if (this._kind.callbacks.main !== null) this._closeWith(NORMAL, '');
    } catch (error) {
      this.#onError(error);
    }
    this.#goOn();
  }

  /** @internal How it is shown among those who wait. */
  _text(): string {
    return this.toString();
  }

  /** Gives the next messages to their callback, and tells in the end that it is closed. */
  #goOn(): void {
    const { message, close } = this._kind.callbacks;
    const extras = this.#extras;
    if (message !== null && extras !== null) {
      while (this.#running === null && extras.unread.size !== 0) {
        this.#call(message, this.#take(extras));
      }
    }
    if (this.#state !== CLOSED || this.#running !== null) return;
    if (close !== null && !extras!.told) {
      extras!.told = true;
      this.#call((socket) => close(socket, this.#code, this.#reason), undefined);
      if (this.#running !== null) return;
    }
    this._kind.forget(this);
  }

  #onError(error: unknown): void {
    const gone =
      this.#state !== OPEN && (error instanceof WebSocketClosedError || isA(error, CancelledError));
    if (!gone) {
      this._loop.callExceptionHandler({
        message: 'Exception in a callback of a WebSocket',
        exception: error,
        socket: this,
      });
    }
    this._closeWith(INTERNAL_ERROR, '');
  }

  // --- what goes -------------------------------------------------------------------------------

  #packs(length: number): boolean {
    return this._deflate !== null && length >= this._kind.limits.compression!.threshold;
  }

  #sendPacked(first: number, bytes: Uint8Array): SendResult {
    if (!this.#hasRoom(bytes.length)) return 'dropped';
    this.#writeFrame(first | PACKED, this._deflate!.pack(bytes));
    return this.#noteBacklog();
  }

  /** Whether so many bytes more may wait for the peer; what becomes of the connection if not. */
  #hasRoom(bytes: number): boolean {
    const { maxBackpressure, drops } = this._kind.limits;
    let unsent = this._unsent();
    if (unsent + bytes <= maxBackpressure || unsent === 0) return true;
    // What this turn has sent was not offered to the system yet.
    this._rings.engine.submit();
    unsent = this._unsent();
    if (unsent + bytes <= maxBackpressure || unsent === 0) return true;
    if (!drops) this._abort(`more than ${maxBackpressure} bytes wait for the peer`);
    return false;
  }

  #noteBacklog(): 'sent' | 'queued' {
    if (this._outbox === null && this._rings.backlog[this._handle] === 0) return 'sent';
    this.#askForDrain();
    return 'queued';
  }

  #askForDrain(): void {
    if (this.#drainAsked) return;
    this.#drainAsked = true;
    this._notifyDrain();
  }

  /** @internal */
  _drained(): void {
    const asked = this.#drainAsked;
    this.#drainAsked = false;
    const extras = this.#extras;
    if (extras !== null) {
      if (extras.pong !== null && this.#state === OPEN) this.#writeFrame(PONG, extras.pong);
      extras.pong = null;
      for (const future of extras.drains.splice(0)) {
        if (!future.done()) future.setResult(undefined);
      }
    }
    const { drain } = this._kind.callbacks;
    if (!asked || drain === null || this.#state !== OPEN) return;
    try {
      const result = drain(this);
      if (typeof result === 'object' && result !== null) startedBy(this._loop, result);
    } catch (error) {
      this.#onError(error);
    }
  }

  /** Text that is not long, and nothing waits. */
  #writeText(text: string): void {
    const rings = this._rings;
    const { masks } = this._kind;
    const { length } = text;
    const start = rings.reserve(HEADER_MAX + length * 3);
    const out = rings.transmit as RawBuffer;
    const extra = masks ? 4 : 0;
    const guessed = start + headerSize(length) + extra;
    const size = writeLetters(out, guessed, text);
    const payload = start + headerSize(size) + extra;
    if (payload !== guessed) out.copyWithin(payload, guessed, guessed + size);
    writeHeader(out, start, TEXT, size, masks ? 0x80 : 0);
    if (masks) maskFrame(out, payload - 4, size);
    this._writeReserved(start, payload + size - start);
  }

  #writeFrame(first: number, payload: Uint8Array): void {
    const { masks } = this._kind;
    const { length } = payload;
    if (length > SMALL || this._outbox !== null) {
      if (masks || length <= SMALL) {
        this._writeBytes(frameOf(first, payload, masks));
        return;
      }
      // Sent from where it is, with the header before it in the same system call.
      const header = Buffer.allocUnsafe(headerSize(length));
      writeHeader(header, 0, first, length, 0);
      this._writeBytes(header);
      this._writeBytes(payload);
      return;
    }
    const rings = this._rings;
    const start = rings.reserve(HEADER_MAX + length);
    const out = rings.transmit;
    const at = start + headerSize(length) + (masks ? 4 : 0);
    out.set(payload, at);
    writeHeader(out, start, first, length, masks ? 0x80 : 0);
    if (masks) maskFrame(out, at - 4, length);
    this._writeReserved(start, at + length - start);
  }

  /** @internal */
  _deliver(message: SharedMessage): boolean {
    if (this.#state !== OPEN || !this.#hasRoom(message.size)) return false;
    const deflate = this._deflate;
    let frame;
    if (deflate !== null && this.#packs(message.size)) {
      const { windowBits, ownTakeover } = deflate.terms;
      frame = message.packed(windowBits, this._kind.limits.compression!.level);
      if (ownTakeover) deflate.forget();
    } else frame = message.plain();
    if (frame.place === -1 || this._outbox !== null) this._writeBytes(frame.bytes);
    else this._writeReserved(frame.place, frame.bytes.length);
    message.guard();
    this.#noteBacklog();
    return true;
  }

  #topicsOf(where: string, topic: string): NonNullable<Kind['topics']> {
    if (typeof topic !== 'string') throw new TypeError(`${where}: topic must be a string`);
    const { topics } = this._kind;
    if (topics === null) throw new RuntimeError(`${where}: topics are a server's`);
    return topics;
  }

  /** @internal Takes over what was written and not sent before it was a WebSocket. */
  _inherit(before: NativeStream): void {
    this._security = before._security;
    this._outbox = before._outbox;
    this._fresh = before._fresh;
    this._epoch = before._epoch;
  }
}

showsText(WebSocketConnection);

const EMPTY = new Uint8Array(0);

/**
 * Who waits for a message; it is taken when they go on, so that a cancel before that loses none.
 */
class Receipt extends Reservation<WebSocketMessage> {
  readonly #socket: WebSocketConnection;

  constructor(socket: WebSocketConnection) {
    super({ loop: socket._loop });
    this.#socket = socket;
  }

  override _claim(): WebSocketMessage {
    return this.#socket._takeMessage();
  }
}

/** @returns bytes that it has */
function writeLetters(out: RawBuffer, at: number, text: string): number {
  const { length } = text;
  if (length > TINY) return out.utf8Write(text, at);
  for (let n = 0; n < length; n++) {
    const letter = text.charCodeAt(n);
    if (letter > 127) return out.utf8Write(text, at);
    out[at + n] = letter;
  }
  return length;
}

function textOf(bytes: RawBuffer, offset: number, length: number, ascii: boolean): string {
  const end = offset + length;
  return ascii ? bytes.latin1Slice(offset, end) : bytes.toString('utf8', offset, end);
}

function ownBytes(bytes: Buffer, offset: number, length: number): Buffer<ArrayBuffer> {
  const own = Buffer.allocUnsafeSlow(length) as Buffer<ArrayBuffer>;
  own.set(viewOf(bytes, offset, length));
  return own;
}

type BufferMaker = new (
  buffer: ArrayBuffer,
  byteOffset: number,
  length: number,
) => Buffer<ArrayBuffer>;

/** What `subarray` of a Buffer makes, without its way through what a view stands in. */
const View = (Buffer as unknown as { [Symbol.species]: BufferMaker })[Symbol.species];
let viewed: Buffer | null = null;
let viewedBuffer: ArrayBuffer;
let viewedOffset = 0;

function viewOf(bytes: Buffer, offset: number, length: number): Buffer<ArrayBuffer> {
  if (bytes !== viewed) {
    viewed = bytes;
    viewedBuffer = bytes.buffer as ArrayBuffer;
    viewedOffset = bytes.byteOffset;
  }
  return new View(viewedBuffer, viewedOffset + offset, length);
}
