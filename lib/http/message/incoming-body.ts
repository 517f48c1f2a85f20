import type {
  ReadableStream,
  ReadableStreamBYOBReader,
  ReadableStreamDefaultReader,
  ReadableWritablePair,
  StreamPipeOptions,
  WritableStream,
} from 'node:stream/web';

import { keepAttached } from '../../core/support/keep-attached.ts';
import { showsText } from '../../core/support/shows-text.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Future } from '../../core/future/future.ts';
import { isWorthRoom, ROOM_AT_ONCE, roomFor } from '../../io/receive-room.ts';
import { BodyPieces } from './body-pieces.ts';
import { utf8Text } from './utf8-text.ts';
import type { ChunkHolder } from './head-chunk.ts';
import { holdChunk } from './head-chunk.ts';
import { webStream } from './web-body.ts';

/** The connection that a body arrives on, which can be paused. */
export interface BodySource {
  readonly _loop: EventLoop;
  /** The reader wants more bytes; the source may have been paused. */
  _resumeBody(): void;
  /** Too many bytes are waiting for the reader. */
  _pauseBody(): void;
  /**
   * The whole body is wanted and its size is known: from now on it may be received into the memory
   * that `_room()` returns. Pieces may still be pushed.
   */
  _receiveBody(): void;
}

/** Converts a whole body. @param own - whether nothing else uses the buffer of the bytes */
export type Convert<T> = (bytes: Uint8Array, own: boolean) => T;

/** Bytes that may wait for a slow reader before the source is paused. */
const HIGH_WATER = 128 * 1024;

/** Smaller pieces are copied before the reader gets them: a view keeps its 256 KiB chunk alive. */
const OWN_BELOW = 32 * 1024;

/** Smallest buffer, in bytes, for joining pieces. */
const ROOM_MIN = 256;

/**
 * The body of a received message. It is read once: either as a whole (`text()`, `json()`, `bytes()`
 * of its message) or in pieces, with `read()` in both lanes or `for await`.
 *
 * @example
 * for (let piece; (piece = yield* request.body.read()) !== null;) size += piece.length;
 * for await (const piece of request.body) size += piece.length;
 */
export class IncomingBody implements ChunkHolder {
  #source: BodySource;
  /** Untaken bytes, joined, so that many small pieces take no more memory than their bytes. */
  #bytes: Uint8Array | null = null;
  /** How many of them are filled; the rest is room to grow. */
  #length = 0;
  /** Whether `#bytes` is still a view of a receive chunk. */
  #borrowed = false;
  #expected: number;
  #ended = false;
  #error: unknown = undefined;
  #failed = false;
  #paused = false;
  #used = false;
  #discarding = false;
  /** Waits for the next piece or, with `#whole`, for the end. */
  #waiter: Future<unknown> | null = null;
  #whole: Convert<unknown> | null = null;
  /** A copy of this body with its own reader; see `_tee`. */
  #twin: IncomingBody | null = null;
  /** Whether the source receives directly into our memory. */
  _direct = false;
  /** Bytes that have arrived so far, as sent over the wire, without framing. */
  received = 0;
  /** The lines of the trailers. */
  trailers = '';

  /** @param expected - size of the body in bytes, if the sender declared it */
  constructor(source: BodySource, expected: number = Infinity) {
    this.#source = source;
    this.#expected = expected;
  }

  /** Whether reading has begun, or is no longer possible. */
  get used(): boolean {
    return this.#used || this.#discarding;
  }

  /** Whether the last byte has arrived. */
  get complete(): boolean {
    return this.#ended;
  }

  /** Whether neither this body nor its twin has a reader for what is still to come. */
  get dropped(): boolean {
    return this.#discarding && (this.#twin === null || this.#twin.dropped);
  }

  /** Whether a reader is waiting for more. */
  get _wanted(): boolean {
    return this.#waiter !== null || (this.#twin !== null && this.#twin._wanted);
  }

  /**
   * The next piece, or null after the last one. The caller may keep and change the bytes.
   * Cancel-safe: a cancelled read loses nothing.
   * @throws TypeError when the body is being read as a whole, or by another reader; (awaited) the
   *   error that ended it
   */
  read(): Future<Uint8Array | null> {
    if (this.#whole !== null || this.#discarding) throw this.#alreadyRead();
    this.#used = true;
    const future = this.#source._loop.createFuture<Uint8Array | null>();
    if (this.#bytes !== null) future.setResult(this.#take());
    else if (this.#failed) future.setException(this.#error);
    else if (this.#ended) future.setResult(null);
    else {
      if (this.#waiting()) throw new TypeError('body is already being read by another coroutine');
      this.#waiter = future as Future<unknown>;
      this.#source._resumeBody();
    }
    return future;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return new BodyPieces(
      () => this.read(),
      () => {
        if (!this.#ended) this._discard();
      },
    );
  }

  /**
   * Whether a reader or a pipe holds the stream. This and the following members are those of a
   * ReadableStream, for code written for one.
   */
  get locked(): boolean {
    return webStream(this).locked;
  }

  /** As in ReadableStream. */
  getReader(): ReadableStreamDefaultReader<Uint8Array>;
  getReader(options: { mode: 'byob' }): ReadableStreamBYOBReader;
  getReader(options?: { mode: 'byob' }): unknown {
    return webStream(this).getReader(options as { mode: 'byob' });
  }

  /** As in ReadableStream. */
  pipeThrough<T>(
    transform: ReadableWritablePair<T, Uint8Array>,
    options?: StreamPipeOptions,
  ): ReadableStream<T> {
    return webStream(this).pipeThrough(transform, options);
  }

  /** As in ReadableStream. */
  pipeTo(destination: WritableStream<Uint8Array>, options?: StreamPipeOptions): Promise<void> {
    return webStream(this).pipeTo(destination, options);
  }

  /** As in ReadableStream. */
  tee(): [ReadableStream<Uint8Array>, ReadableStream<Uint8Array>] {
    return webStream(this).tee();
  }

  /** As in ReadableStream: discards the rest. */
  cancel(reason?: unknown): Promise<void> {
    return webStream(this).cancel(reason);
  }

  toString(): string {
    const state = this.#failed ? 'failed' : this.#ended ? 'complete' : 'arriving';
    return `IncomingBody { ${this.received} bytes, ${state}${this.#used ? ', used' : ''} }`;
  }

  /**
   * A twin with the same bytes and its own reader; bytes are kept for the slower of the two.
   * @throws TypeError when reading has begun
   */
  _tee(): IncomingBody {
    if (this.#used || this.#discarding) throw this.#alreadyRead();
    if (this.#twin !== null) return this.#twin._tee();
    const twin = new IncomingBody(new TwinSource(this, this.#source), this.#expected);
    twin.received = this.received;
    if (this.#bytes !== null) {
      // A copy, since a reader may change the bytes that it takes.
      twin.#bytes = copyOf(this.#bytes.subarray(0, this.#length));
      twin.#length = this.#length;
    }
    if (this.#failed) twin._fail(this.#error);
    else if (this.#ended) twin._end(this.trailers);
    else this.#twin = twin;
    return twin;
  }

  /** Whether it has enough bytes and does not need more now. */
  get _paused(): boolean {
    return this.#paused;
  }

  /** Reserves the body for a reader of pieces. @throws TypeError when reading has begun */
  _begin(): void {
    if (this.#used || this.#discarding) throw this.#alreadyRead();
    this.#used = true;
  }

  /** The whole body, converted. @throws TypeError when reading has begun */
  _claim<T>(convert: Convert<T>): Future<T> {
    if (this.#used || this.#discarding) throw this.#alreadyRead();
    this.#used = true;
    const future = this.#source._loop.createFuture<T>();
    this.#waiter = future as Future<unknown>;
    this.#whole = convert;
    if (this.#failed) this.#settleError();
    else if (this.#ended) this.#settleWhole();
    else {
      this.#source._resumeBody();
      this.#receiveDirectly();
    }
    return future;
  }

  /** Switches the source to receiving directly into our memory, if the body is large enough. */
  #receiveDirectly(): void {
    if (this._direct || this.#twin !== null) return;
    if (!isWorthRoom(this.received, this.#expected)) return;
    this._direct = true;
    this.#source._receiveBody();
  }

  /** Memory for the next bytes; null when they should be pushed instead. */
  _room(): Uint8Array | null {
    if (!this._direct) return null;
    if (this.#discarding || !this.#waiting()) {
      // The reader of the whole body has left.
      this._direct = false;
      this._discard();
      return null;
    }
    if (this.#bytes === null || this.#borrowed || this.#length === this.#bytes.length) {
      this.#makeRoom(this.#length);
    }
    return this.#bytes!.subarray(this.#length, this.#length + ROOM_AT_ONCE);
  }

  /** Records bytes received into `_room()`. @returns whether they were the last ones */
  _received(count: number): boolean {
    this.received += count;
    this.#length += count;
    return this.received === this.#expected;
  }

  /** Discards the rest: pieces are dropped as they arrive. */
  _discard(): void {
    if (this.#discarding) return;
    this.#discarding = true;
    if (!this.#waiting()) this.#forgetReader();
    this.#bytes = null;
    this.#length = 0;
    if (this.#twin !== null && !this.#twin.used) this.#twin._discard();
    if (!this.#ended) this.#source._resumeBody();
  }

  _push(piece: Uint8Array): void {
    this.received += piece.length;
    this.#twin?._push(piece);
    if (this.#discarding) return;
    if (this.#whole === null) {
      if (this.#waiting()) {
        this.#settle(owned(piece));
        return;
      }
    } else if (!this.#waiting()) {
      // The reader of the whole body has left.
      this._discard();
      return;
    }
    this.#append(piece);
    if (this.#whole !== null) this.#receiveDirectly();
    if (this.#length > HIGH_WATER && this.#whole === null && !this.#paused) {
      this.#paused = true;
      if (this.#twin === null || this.#twin._paused) this.#source._pauseBody();
    }
  }

  #append(piece: Uint8Array): void {
    if (this.#bytes === null) {
      this.#bytes = piece;
      this.#length = piece.length;
      this.#borrowed = true;
      holdChunk(this);
      return;
    }
    const length = this.#length + piece.length;
    if (this.#borrowed || length > this.#bytes.length) this.#makeRoom(length);
    this.#bytes.set(piece, this.#length);
    this.#length = length;
  }

  /**
   * Grows geometrically, so that each byte is copied about once on average; at most to the expected
   * size.
   */
  #makeRoom(least: number): void {
    if (this._direct) {
      this.#move(roomFor(least, this.#expected));
      return;
    }
    const most = this.#whole === null ? HIGH_WATER * 1.5 : Infinity;
    const room = Math.min(Math.max(least * 2, ROOM_MIN), most, this.#expected);
    this.#move(Math.max(least, room));
  }

  /** Moves the bytes to our own memory. */
  #move(room: number): void {
    const bytes = Buffer.allocUnsafeSlow(room);
    if (this.#bytes !== null) bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
    this.#borrowed = false;
  }

  _leaveChunk(): void {
    if (this.#borrowed && this.#bytes !== null) this.#makeRoom(this.#length);
  }

  /** @param trailers - the lines of the trailers */
  _end(trailers = ''): void {
    if (this.#ended) return;
    this.trailers = trailers;
    this.#ended = true;
    this.#paused = false;
    this.#twin?._end(trailers);
    if (this.#waiter === null) return;
    if (this.#whole !== null) this.#settleWhole();
    else this.#settle(null);
  }

  _fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failed = true;
    this.#paused = false;
    this.#error = error;
    this.#twin?._fail(error);
    if (this.#waiter !== null) this.#settleError();
  }

  #take(): Uint8Array {
    const bytes = this.#bytes!.subarray(0, this.#length);
    const piece = this.#borrowed ? owned(bytes) : bytes;
    this.#bytes = null;
    this.#length = 0;
    if (this.#paused) {
      this.#paused = false;
      this.#source._resumeBody();
    }
    return piece;
  }

  /** Whether a reader is waiting; a cancelled one no longer counts. */
  #waiting(): boolean {
    if (this.#waiter !== null && this.#waiter.done()) this.#waiter = null;
    return this.#waiter !== null;
  }

  #settle(value: unknown): void {
    const waiter = this.#waiter!;
    this.#waiter = null;
    if (!waiter.done()) waiter.setResult(value);
  }

  #settleError(): void {
    const waiter = this.#waiter!;
    this.#waiter = null;
    this.#forgetReader();
    if (!waiter.done()) waiter.setException(this.#error);
  }

  #settleWhole(): void {
    const convert = this.#whole!;
    const waiter = this.#waiter!;
    this.#waiter = null;
    this.#forgetReader();
    if (waiter.done()) return;
    const bytes = this.#bytes ?? NOTHING;
    const own = this.#bytes !== null && !this.#borrowed;
    this.#bytes = null;
    // The receiver can reach the whole buffer, so uninitialised memory in it is cleared.
    if (own) bytes.fill(0, this.#length);
    try {
      waiter.setResult(convert(bytes.subarray(0, this.#length), own));
    } catch (error) {
      waiter.setException(error);
    }
  }

  /** The converter may refer to the message, which must not be kept alive by its body. */
  #forgetReader(): void {
    if (this.#whole !== null) this.#whole = noMore;
  }

  #alreadyRead(): TypeError {
    return new TypeError(
      this.#used
        ? 'body has already been read'
        : 'body was dropped: the response was sent before anybody had begun to read it',
    );
  }
}

showsText(IncomingBody);

/** The source of a twin: pauses the real source only when both bodies have enough. */
class TwinSource implements BodySource {
  readonly _loop: EventLoop;
  readonly #body: IncomingBody;
  readonly #source: BodySource;

  constructor(body: IncomingBody, source: BodySource) {
    this._loop = source._loop;
    this.#body = body;
    this.#source = source;
  }

  _resumeBody(): void {
    this.#source._resumeBody();
  }

  _pauseBody(): void {
    if (this.#body._paused) this.#source._pauseBody();
  }

  /** Not possible: two bodies need the bytes. */
  _receiveBody(): void {}
}

/**
 * A small piece is copied, into memory of exactly its size rather than a share of Buffer's pool.
 */
function owned(piece: Uint8Array): Uint8Array {
  if (piece.length < OWN_BELOW) return copyOf(piece);
  keepAttached(piece.buffer);
  return piece;
}

function copyOf(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  return copy;
}

const NOTHING = new Uint8Array(0);

/** Replaces the converter of a reader that is finished. */
const noMore = (): void => {};

/** Converters shared by all messages. */
export const toText = (bytes: Uint8Array): string => utf8Text(bytes);
export const toJson = (bytes: Uint8Array): unknown => JSON.parse(utf8Text(bytes));
export const toArrayBuffer: Convert<ArrayBuffer> = (bytes, own) =>
  own && bytes.byteLength === bytes.buffer.byteLength
    ? (bytes.buffer as ArrayBuffer)
    : (bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer);
export const toBytes: Convert<Uint8Array> = (bytes, own) => (own ? bytes : copyOf(bytes));
