/**
 * What a WebSocket sends: frames, written straight into the arena that all writes of a turn leave
 * from, and how much of them may wait for the peer.
 */
import { doneFuture, failedFuture } from '../../core/future/done-future.ts';
import type { Future } from '../../core/future/future.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { bytesOf, type Data, lengthOf, notDataError } from '../../io/data.ts';
import { NativeStream } from '../../io/native-stream.ts';
import { abortedFirst, abortWith } from '../../tasks/abort.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import type { RawBuffer } from '../../core/support/raw-buffer.ts';
import { startedBy } from '../message/started-by.ts';
import type { Deflate } from './deflate.ts';
import { WebSocketClosedError } from './errors.ts';
import { Extras } from './extras.ts';
import {
  BINARY,
  frameOf,
  HEADER_MAX,
  headerSize,
  maskFrame,
  PACKED,
  PONG,
  TEXT,
  writeHeader,
} from './frames.ts';
import type { Kind } from './settings.ts';
import type { SharedMessage } from './shared-message.ts';
import type { Subscriber } from './topics.ts';

/** What became of a message that was sent. */
export type SendResult = 'sent' | 'queued' | 'dropped';

export const OPEN = 0;
/** A close frame was sent or has come. */
export const CLOSING = 1;
export const CLOSED = 2;

/** Text and bytes up to here are written straight into the arena. */
const SMALL = 4096;
/** Text from here on is measured as UTF-8: it may have three times as many bytes as letters. */
const COUNTED_MIN = 256;
/** Text up to here is written letter by letter, which is faster than a call of an encoder. */
const TINY = 64;

export abstract class SendingSocket extends NativeStream implements Subscriber {
  readonly _kind: Kind;
  readonly _deflate: Deflate | null;
  _state: number = OPEN;
  _code: number = 0;
  _reason: string = '';
  _extras: Extras | null = null;
  #drainAsked = false;

  protected constructor(
    loop: EventLoop,
    handle: number,
    generation: number,
    kind: Kind,
    deflate: Deflate | null,
  ) {
    super(loop, handle, generation);
    this._kind = kind;
    this._deflate = deflate;
  }

  /** @internal Drops the connection. */
  abstract _abort(reason?: string): void;

  /** @internal A callback has thrown. */
  abstract _onError(error: unknown): void;

  /** @internal `send()` */
  _send(data: Data): SendResult {
    if (typeof data === 'string') {
      if (this._state !== OPEN) return 'dropped';
      const { length } = data;
      // Short text is taken for as many bytes: the limits are far larger.
      const bytes = length < COUNTED_MIN ? length : Buffer.byteLength(data);
      if (this.#packs(bytes)) return this.#sendPacked(TEXT, Buffer.from(data));
      if (!this.#hasRoom(bytes)) return 'dropped';
      if (data.length <= SMALL && this._outbox === null) this.#writeText(data);
      else this._writeFrame(TEXT, Buffer.from(data));
      return this.#noteBacklog();
    }
    const bytes = bytesOf(data);
    if (bytes === undefined) throw notDataError(data);
    if (this._state !== OPEN) return 'dropped';
    const length = lengthOf(bytes);
    if (this.#packs(length)) return this.#sendPacked(BINARY, bytes);
    if (!this.#hasRoom(length)) return 'dropped';
    this._writeFrame(BINARY, bytes);
    return this.#noteBacklog();
  }

  /** @internal `drain()` */
  _drain(options: SignalOptions): Future<void> {
    const abortion = abortedFirst('drain()', options);
    if (abortion !== null) return failedFuture({ loop: this._loop }, abortion);
    if (this._state === CLOSED) return failedFuture({ loop: this._loop }, this._closedError());
    if (!this._isFull()) return doneFuture<void>({ loop: this._loop }, undefined);
    const future = this._loop.createFuture<void>();
    (this._extras ??= new Extras()).drains.push(future);
    this._askForDrain();
    return abortWith(future, options.signal);
  }

  /** @internal */
  _closedError(): WebSocketClosedError {
    return new WebSocketClosedError(this._code, this._reason);
  }

  #packs(length: number): boolean {
    return this._deflate !== null && length >= this._kind.limits.compression!.threshold;
  }

  #sendPacked(first: number, bytes: Uint8Array): SendResult {
    if (!this.#hasRoom(lengthOf(bytes))) return 'dropped';
    this._writeFrame(first | PACKED, this._deflate!.pack(bytes));
    return this.#noteBacklog();
  }

  /** Whether so many bytes more may wait for the peer; if not, `overflow` says what happens. */
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
    this._askForDrain();
    return 'queued';
  }

  /** @internal Has `_drained` called once the peer has caught up. */
  _askForDrain(): void {
    if (this.#drainAsked) return;
    this.#drainAsked = true;
    this._notifyDrain();
  }

  /** @internal */
  _drained(): void {
    const asked = this.#drainAsked;
    this.#drainAsked = false;
    const extras = this._extras;
    if (extras !== null) {
      if (extras.pong !== null && this._state === OPEN) this._writeFrame(PONG, extras.pong);
      extras.pong = null;
      for (const future of extras.drains.splice(0)) {
        if (!future.done()) future.setResult(undefined);
      }
    }
    const { drain } = this._kind.callbacks;
    if (!asked || drain === null || this._state !== OPEN) return;
    try {
      const result = drain(this as unknown as Parameters<typeof drain>[0]);
      startedBy(this._loop, result)?.addDoneCallback((ended) => this.#onDrainEnded(ended));
    } catch (error) {
      this._onError(error);
    }
  }

  #onDrainEnded(ended: Future<unknown>): void {
    try {
      ended.result();
    } catch (error) {
      this._onError(error);
    }
  }

  /** Text that is not long, while nothing waits. */
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

  /** @internal */
  _writeFrame(first: number, payload: Uint8Array): void {
    const { masks } = this._kind;
    const length = lengthOf(payload);
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
    if (this._state !== OPEN || !this.#hasRoom(message.size)) return false;
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
