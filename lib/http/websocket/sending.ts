/**
 * Sending: frames are written directly into the arena that is flushed once per turn, and the amount
 * that may wait for the peer is limited.
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

/** What happened to a message passed to `send`. */
export type SendResult = 'sent' | 'queued' | 'dropped';

export const OPEN = 0;
/** A close frame was sent or received. */
export const CLOSING = 1;
export const CLOSED = 2;

/** Text and bytes up to this length are written directly into the arena. */
const SMALL = 4096;
/** The UTF-8 length of text from this length on is computed: it can be three times as large. */
const COUNTED_MIN = 256;
/**
 * ASCII text up to this length is written character by character, faster than calling an encoder.
 */
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

  /** @internal A callback threw an error. */
  abstract _onError(error: unknown): void;

  /** @internal `send()` */
  _send(data: Data): SendResult {
    if (typeof data === 'string') {
      if (this._state !== OPEN) return 'dropped';
      const { length } = data;
      // An estimate is enough for short text: the limits are far larger.
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

  /** Whether that many bytes more may wait for the peer; if not, applies `overflow`. */
  #hasRoom(bytes: number): boolean {
    const { maxBackpressure, drops } = this._kind.limits;
    let unsent = this._unsent();
    if (unsent + bytes <= maxBackpressure || unsent === 0) return true;
    // What was sent in this turn has not been offered to the system yet.
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

  /** @internal Arranges that `_drained` is called once the peer has caught up. */
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

  /** Writes short text while nothing waits in the outbox. */
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
      // Sent without a copy, with the header before it in the same system call.
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

  /** @internal Sends a published message. @returns whether it was sent */
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

/** Writes text as UTF-8. @returns how many bytes were written */
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
