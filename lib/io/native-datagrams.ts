/**
 * A datagram socket that lives in C++ under (handle, generation): receiving, sending, and how much
 * is unsent. Base class of the transport in lib/net.
 *
 * Received datagrams are reported in groups: one completion for all that arrived in a turn. Sent
 * ones are copied into the transmit arena, so the caller can reuse its data at once; all datagrams
 * of a turn leave together. What the kernel has no room for is kept by C++ up to a bound, and
 * beyond that in an array here.
 */
import { errnoError } from '../core/errors/errno.ts';
import type { CompletionTarget, EventLoop } from '../core/loop/event-loop.ts';
import type { TimerHandle } from '../core/loop/handle.ts';
import {
  COMPLETION_CHUNK,
  COMPLETION_LENGTH,
  COMPLETION_OFFSET,
  COMPLETION_OP_CLOSED,
  COMPLETION_OP_DATAGRAM_ERROR,
  COMPLETION_OP_DATAGRAMS,
  COMPLETION_OP_DRAIN,
  COMPLETION_RESULT,
  CONTROL_SUBMISSION_EPOCH,
  CONTROL_TRANSMIT_USED,
  DATAGRAM_LENGTH,
  DATAGRAM_OFFSET,
  DATAGRAM_PEER,
  DATAGRAM_SEGMENT,
  DATAGRAM_WORDS,
  SEND_TO,
  SUBMISSION_OP_ABORT,
  SUBMISSION_OP_CLOSE,
  SUBMISSION_OP_NOTIFY_DRAIN,
  SUBMISSION_OP_READ_START,
  SUBMISSION_OP_READ_STOP,
  SUBMISSION_OP_SEND_DATAGRAM,
} from '../native/layout.ts';
import type { Rings } from '../native/rings.ts';
import { lengthOf } from './data.ts';
import { type PackedAddress, unpackAddress } from './datagram-addresses.ts';
import { DEFAULT_WATERMARKS, type Watermarks } from './native-stream.ts';
import type { AnySocketAddress } from './transport-socket.ts';

/** The maximum length of a datagram in bytes. */
export const DATAGRAM_MAX = 65535;

/** Added to the size of each datagram, as in asyncio: empty ones use memory, too. */
const HEADER_BYTES = 8;
/** When C++ holds more unsent bytes of one socket, further datagrams wait in JavaScript. */
const NATIVE_MAX = 128 * 1024;

/** Seconds until sending is tried again when a receiver has no room: at first, and at most. */
const AGAIN_FIRST = 0.001;
const AGAIN_LAST = 0.05;

interface Waiting {
  readonly bytes: Uint8Array;
  readonly to: PackedAddress | null;
}

export abstract class NativeDatagrams implements CompletionTarget {
  readonly _loop: EventLoop;
  readonly _rings: Rings;
  readonly _handle: number;
  readonly _generation: number;
  _watermarks: Watermarks = DEFAULT_WATERMARKS;
  /** Bytes sent since the submission epoch `#epoch`, which C++ has not counted yet. */
  #fresh = 0;
  #epoch = -1;
  /** The address whose words are in the arena since that epoch, and where. */
  #target: PackedAddress | null = null;
  #targetOffset = 0;
  /** C++ holds as much as it may: datagrams wait here until all of that has been sent. */
  #full = false;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #closes = false;
  #again: TimerHandle | null = null;

  protected constructor(loop: EventLoop, handle: number, generation: number) {
    this._loop = loop;
    this._rings = loop._rings;
    this._handle = handle;
    this._generation = generation;
  }

  /** Receives one datagram, `length` bytes of a receive chunk. Must not throw. */
  abstract _onDatagram(
    chunk: Uint8Array,
    offset: number,
    length: number,
    address: AnySocketAddress,
  ): void;

  /** A datagram could not be sent, or the network has reported an earlier one. */
  abstract _onError(error: Error): void;

  /** The unsent bytes have fallen to the low watermark. May be called when nobody waits for it. */
  abstract _drained(): void;

  /** The descriptor is closed and the handle released. No event follows. */
  abstract _onClosed(): void;

  /** Whether datagrams should still be delivered. */
  abstract _receives(): boolean;

  _complete(op: number, words: Int32Array, at: number): void {
    switch (op) {
      case COMPLETION_OP_DATAGRAMS:
        this.#receive(words, at);
        break;
      case COMPLETION_OP_DATAGRAM_ERROR:
        for (let times = words[at + COMPLETION_LENGTH]!; times > 0; times--) {
          this._onError(errnoError(words[at + COMPLETION_RESULT]!, 'send'));
        }
        break;
      case COMPLETION_OP_DRAIN:
        this.#onDrain();
        break;
      case COMPLETION_OP_CLOSED:
        this.#waiting = [];
        this.#waitingBytes = 0;
        this.#again?.cancel();
        this._loop._unregister(this._handle);
        this._onClosed();
        break;
    }
  }

  #onDrain(): void {
    if (this.#full) this.#feed();
    const calm = this._unsent() <= this._watermarks.low;
    // More may have been sent since C++ reported this.
    if (!calm || this.#full) this._notifyDrain();
    if (calm) this._drained();
  }

  #feed(): void {
    this.#full = false;
    const waiting = this.#waiting;
    let fed = 0;
    while (fed < waiting.length && !this.#full) {
      const { bytes, to } = waiting[fed++]!;
      this.#waitingBytes -= bytes.length + HEADER_BYTES;
      this.#send(bytes, bytes.length, to);
    }
    this.#waiting = waiting.slice(fed);
    if (this.#closes && this.#waiting.length === 0) this._submit(SUBMISSION_OP_CLOSE);
  }

  #receive(completions: Int32Array, at: number): void {
    const chunk = this._loop._chunk(completions[at + COMPLETION_CHUNK]!);
    const words = new Uint32Array(chunk.buffer, chunk.byteOffset, chunk.byteLength >> 2);
    let record = completions[at + COMPLETION_OFFSET]! >> 2;
    let peer = -1;
    let address!: AnySocketAddress;
    for (let left = completions[at + COMPLETION_LENGTH]!; left > 0; left--) {
      if (!this._receives()) return;
      if (words[record + DATAGRAM_PEER] !== peer) {
        peer = words[record + DATAGRAM_PEER]!;
        address = unpackAddress(this._loop._engine, words, peer >> 2);
      }
      const offset = words[record + DATAGRAM_OFFSET]!;
      const length = words[record + DATAGRAM_LENGTH]!;
      const segment = words[record + DATAGRAM_SEGMENT]!;
      if (segment === 0) this._onDatagram(chunk, offset, length, address);
      else this.#receiveRun(chunk, offset, length, segment, address);
      record += DATAGRAM_WORDS;
    }
  }

  /** Splits datagrams that the kernel joined: all of one length, only the last may be shorter. */
  #receiveRun(
    chunk: Uint8Array,
    offset: number,
    length: number,
    segment: number,
    address: AnySocketAddress,
  ): void {
    for (let from = 0; from < length && this._receives(); from += segment) {
      this._onDatagram(chunk, offset + from, Math.min(segment, length - from), address);
    }
  }

  /** Sends a text as UTF-8. @returns the unsent bytes */
  _sendText(text: string, to: PackedAddress | null): number {
    // One UTF-16 unit becomes at most three bytes.
    if (this.#full || text.length * 3 > DATAGRAM_MAX) {
      return this._sendBytes(Buffer.from(text, 'utf8'), to);
    }
    const offset = this.#reserve(text.length * 3, to);
    return this.#submitSend(offset, this._rings.transmit.write(text, offset, 'utf8'), to);
  }

  /** Sends bytes. @returns the unsent bytes */
  _sendBytes(bytes: Uint8Array, to: PackedAddress | null): number {
    const length = lengthOf(bytes);
    if (!this.#full || length > DATAGRAM_MAX) return this.#send(bytes, length, to);
    this.#waiting.push({ bytes: Uint8Array.prototype.slice.call(bytes), to });
    this.#waitingBytes += length + HEADER_BYTES;
    return this._unsent();
  }

  /** Reports EMSGSIZE like an error of the system: later, and to the protocol. */
  #refuse(): number {
    this._loop.callSoon(() => {
      if (this._receives()) this._onError(errnoError('EMSGSIZE', 'send'));
    });
    return this._unsent();
  }

  #send(bytes: Uint8Array, length: number, to: PackedAddress | null): number {
    if (length > DATAGRAM_MAX) return this.#refuse();
    const offset = this.#reserve(length, to);
    this._rings.transmit.set(bytes, offset);
    return this.#submitSend(offset, length, to);
  }

  /** Reserves arena space for the bytes, and before them for the address unless it is there. */
  #reserve(bytes: number, to: PackedAddress | null): number {
    const rings = this._rings;
    const before = to === null ? 0 : to.bytes.length;
    const offset = rings.reserve(bytes + before);
    const epoch = rings.control[CONTROL_SUBMISSION_EPOCH]!;
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#fresh = 0;
      this.#target = null;
    }
    if (to === null || to === this.#target) return offset;
    rings.transmit.set(to.bytes, offset);
    this.#target = to;
    this.#targetOffset = offset;
    return offset + before;
  }

  #submitSend(offset: number, length: number, to: PackedAddress | null): number {
    const rings = this._rings;
    const used = offset + length;
    rings.control[CONTROL_TRANSMIT_USED] = used;
    rings.submit(
      SUBMISSION_OP_SEND_DATAGRAM,
      this._handle,
      this._generation,
      to === null ? 0 : SEND_TO,
      offset,
      length,
      to === null ? 0 : this.#targetOffset,
    );
    // Set again: a full ring makes submit() empty the arena, but these bytes are still to be sent.
    rings.control[CONTROL_TRANSMIT_USED] = used;
    this.#fresh += length + HEADER_BYTES;
    const unsent = this._unsent();
    return unsent > NATIVE_MAX ? this.#checkRoom() : unsent;
  }

  /** Bytes not yet taken by the kernel, plus 8 for each datagram. */
  _unsent(): number {
    const rings = this._rings;
    const fresh = rings.control[CONTROL_SUBMISSION_EPOCH] === this.#epoch ? this.#fresh : 0;
    return rings.backlog[this._handle]! + fresh + this.#waitingBytes;
  }

  /** Whether more than the high watermark is unsent, even after giving it to the kernel. */
  _isFull(): boolean {
    if (this._unsent() <= this._watermarks.high) return false;
    this._rings.engine.submit();
    return this._unsent() > this._watermarks.high;
  }

  /**
   * Checks whether C++ holds too much even after giving it to the kernel: then later data waits
   * here.
   */
  #checkRoom(): number {
    const rings = this._rings;
    rings.engine.submit();
    if (rings.backlog[this._handle]! > NATIVE_MAX) {
      this.#full = true;
      this._notifyDrain();
    }
    return this._unsent();
  }

  /** Requests a call of `_drained()`. Datagrams waiting here go to C++ once it has none left. */
  _notifyDrain(): void {
    this._submit(SUBMISSION_OP_NOTIFY_DRAIN, this.#full ? 0 : this._watermarks.low);
  }

  /**
   * Retries sending from time to time: for an unconnected Unix socket the system never reports that
   * the receiver has room again. The interval grows, unless something was just sent.
   */
  _askAgain(delay: number = AGAIN_FIRST, before: number = Infinity): void {
    this.#again ??= this._loop.callLater(delay, () => {
      this.#again = null;
      const unsent = this._unsent();
      if (unsent === 0) return;
      this._notifyDrain();
      this._askAgain(unsent < before ? AGAIN_FIRST : Math.min(delay * 2, AGAIN_LAST), unsent);
    });
  }

  _startReceiving(): void {
    this._submit(SUBMISSION_OP_READ_START);
  }

  /** Stops receiving, and closes once everything is sent. */
  _closeWhenSent(): void {
    if (this.#waiting.length > 0) {
      this.#closes = true;
      this._submit(SUBMISSION_OP_READ_STOP);
    } else {
      this._submit(SUBMISSION_OP_CLOSE);
    }
  }

  /** Closes at once; what is unsent is dropped. */
  _dropAndClose(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
    this._submit(SUBMISSION_OP_ABORT);
  }

  _submit(op: number, value = 0): void {
    this._rings.submit(op, this._handle, this._generation, 0, 0, 0, value);
  }
}
