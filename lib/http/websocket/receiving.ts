/**
 * Receiving: C++ (`native/websocket`) reads frames and reports pieces of messages and control
 * frames. Here they become messages, which wait until a callback or `receive()` takes them.
 */
import { current } from '../../core/context/running.ts';
import { RuntimeError } from '../../core/errors/errors.ts';
import { failedFuture } from '../../core/future/done-future.ts';
import type { Future } from '../../core/future/future.ts';
import {
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
import { abortedFirst, abortWith } from '../../tasks/abort.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import type { RawBuffer } from '../../core/support/raw-buffer.ts';
import { INVALID_DATA, refusalOf, TOO_LARGE } from './close-codes.ts';
import { TooLargeUnpacked } from './deflate.ts';
import { Extras } from './extras.ts';
import { LiveSocket } from './liveness.ts';
import { ownBytes, textOf, viewOf } from './message.ts';
import type { WebSocketMessage } from './message.ts';
import { MessageBuffer } from './message-buffer.ts';
import { Receipt } from './receipt.ts';
import { CLOSED, OPEN } from './sending.ts';

/** How many messages, and bytes of them, may wait untaken before receiving stops. */
const UNREAD_MAX = 32;
const UNREAD_BYTES = 64 * 1024;

const WHOLE = WEB_SOCKET_FIRST | WEB_SOCKET_LAST;

export abstract class ReceivingSocket extends LiveSocket {
  #partial: MessageBuffer | null = null;
  #partialAscii = true;

  /** @internal Offers a message to the callback. @returns whether it was taken */
  abstract _call(message: WebSocketMessage): boolean;

  /** @internal `receive()` */
  _receive(options: SignalOptions): Future<WebSocketMessage> {
    const abortion = abortedFirst('receive()', options);
    if (abortion !== null) return failedFuture({ loop: this._loop }, abortion);
    if (this._kind.callbacks.message !== null) {
      throw new RuntimeError('receive(): messages go to the message callback');
    }
    const extras = (this._extras ??= new Extras());
    const before = extras.receiver;
    if (before !== null && (before._untaken || !before.done())) {
      throw new RuntimeError('receive(): another coroutine is already waiting for a message');
    }
    const receipt = new Receipt(this);
    if (extras.unread.size !== 0) receipt._grant();
    else if (this._state === CLOSED) receipt._fail(this._closedError());
    else {
      extras.receiver = receipt;
      return abortWith(receipt, options.signal);
    }
    return receipt;
  }

  /** @internal Called by a receipt. */
  _takeMessage(): WebSocketMessage {
    const extras = this._extras!;
    if (extras.unread.size === 0) throw this._closedError();
    return this._take(extras);
  }

  /** @internal */
  _complete(op: number, words: Int32Array, at: number): void {
    current.values = this._kind.values;
    switch (op) {
      case COMPLETION_OP_WEB_SOCKET_DATA:
        this._seen();
        this.#onPiece(
          words[at + COMPLETION_RESULT]!,
          words[at + COMPLETION_CHUNK]!,
          words[at + COMPLETION_OFFSET]!,
          words[at + COMPLETION_LENGTH]!,
          words[at + COMPLETION_REST]! >>> 0,
        );
        return;
      case COMPLETION_OP_WEB_SOCKET_CONTROL: {
        this._seen();
        const chunk = this._loop._chunk(words[at + COMPLETION_CHUNK]!) as RawBuffer;
        const payload = viewOf(
          chunk,
          words[at + COMPLETION_OFFSET]!,
          words[at + COMPLETION_LENGTH]!,
        );
        const opcode = words[at + COMPLETION_RESULT]!;
        if (opcode === WEB_SOCKET_PING) this._onPing(payload);
        else if (opcode === WEB_SOCKET_CLOSE) this._onCloseFrame(payload);
        else this._onPong(payload);
        return;
      }
      case COMPLETION_OP_WEB_SOCKET_FAILED:
        this._fail(...refusalOf(words[at + COMPLETION_RESULT]!));
        return;
      default:
        this._completeCommon(op, words, at);
    }
  }

  #onPiece(flags: number, slot: number, offset: number, length: number, rest: number): void {
    if (this._state !== OPEN) return;
    const bytes = this._loop._chunk(slot) as RawBuffer;
    if ((flags & WEB_SOCKET_OWN) !== 0) {
      this.#onMessage(viewOf(bytes, offset, length));
      return;
    }
    let partial = this.#partial;
    if (partial === null) {
      const text = (flags & WEB_SOCKET_TEXT) !== 0;
      const packed = (flags & WEB_SOCKET_PACKED) !== 0;
      if ((flags & WHOLE) === WHOLE && !packed) {
        this.#onMessage(
          text
            ? textOf(bytes, offset, length, (flags & WEB_SOCKET_ASCII) !== 0)
            : this._kind.transient
              ? viewOf(bytes, offset, length)
              : ownBytes(bytes, offset, length),
        );
        return;
      }
      partial = this.#partial = new MessageBuffer(text, packed, length, rest);
      this.#partialAscii = true;
    }
    partial.add(bytes, offset, length, rest);
    if ((flags & WEB_SOCKET_ASCII) === 0) this.#partialAscii = false;
    if ((flags & WEB_SOCKET_LAST) !== 0) this.#finishMessage(partial);
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

  /** Null when it is invalid, in which case the connection fails. */
  #unpack(message: MessageBuffer): Buffer<ArrayBuffer> | null {
    let bytes: Buffer;
    try {
      bytes = this._deflate!.unpack(message.bytes.subarray(0, message.length));
    } catch (error) {
      if (error instanceof TooLargeUnpacked) this._fail(TOO_LARGE, 'the message is too large');
      else this._fail(INVALID_DATA, 'the message cannot be unpacked');
      return null;
    }
    if (message.text && !process.getBuiltinModule('node:buffer').isUtf8(bytes)) {
      this._fail(INVALID_DATA, 'text that is not UTF-8');
      return null;
    }
    return bytes as Buffer<ArrayBuffer>;
  }

  #onMessage(message: WebSocketMessage): void {
    if (this._call(message)) return;
    this.#keep(message);
    const receiver = this._extras!.receiver;
    if (receiver !== null && !receiver.done()) receiver._grant();
  }

  /** Keeps a message that is not taken now. When too many wait, receiving stops. */
  #keep(message: WebSocketMessage): void {
    const extras = (this._extras ??= new Extras());
    const lent = typeof message !== 'string' && this._kind.transient;
    extras.unread.push(lent ? (Buffer.from(message) as Buffer<ArrayBuffer>) : message);
    extras.unreadBytes += message.length;
    if (!this._paused && (extras.unread.size >= UNREAD_MAX || extras.unreadBytes >= UNREAD_BYTES)) {
      this._paused = true;
      this._stopReading();
    }
  }

  /** @internal Takes the first waiting message. */
  _take(extras: Extras): WebSocketMessage {
    const message = extras.unread.shift()!;
    extras.unreadBytes -= message.length;
    const calm = extras.unread.size <= UNREAD_MAX / 2 && extras.unreadBytes <= UNREAD_BYTES / 2;
    if (this._paused && calm) this.#readOn();
    return message;
  }

  #readOn(): void {
    if (!this._paused) return;
    this._paused = false;
    this._seen();
    if (this._state !== CLOSED) this._startReading();
  }

  /** @internal */
  override _stopTaking(): void {
    this.#partial = null;
    // The peer's close frame comes after messages that were not taken.
    if (this._state !== CLOSED) this.#readOn();
  }
}
