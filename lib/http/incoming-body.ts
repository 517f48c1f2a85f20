import type { EventLoop } from '../core/event-loop.ts';
import type { Future } from '../core/future.ts';

/** Who sends the body and can be told to wait: a connection. */
export interface BodySource {
  readonly _loop: EventLoop;
  /** The reader wants bytes (it may have been slow before). */
  _resumeBody(): void;
  /** Too many bytes are waiting for the reader. */
  _pauseBody(): void;
}

/** Bytes that may wait for a slow reader before the connection is told to stop. */
const HIGH_WATER = 128 * 1024;

/**
 * The body of a received message, piece by piece. It is read once: either as a whole (`text()`,
 * `json()`, `bytes()` of its message) or in pieces, with `read()` in both lanes or `for await`.
 *
 * @example
 * for (let piece; (piece = yield* request.body.read()) !== null;) size += piece.length;
 * for await (const piece of request.body) size += piece.length;
 */
export class IncomingBody {
  #source: BodySource;
  #pieces: Uint8Array[] = [];
  #first = 0;
  #buffered = 0;
  #ended = false;
  #error: unknown = undefined;
  #failed = false;
  #paused = false;
  #used = false;
  #discarding = false;
  /** Waits for the next piece, or (`#whole`) for the end. */
  #waiter: Future<unknown> | null = null;
  #whole: ((bytes: Uint8Array) => unknown) | null = null;
  /** Bytes that have arrived so far, as they came over the wire, without framing. */
  received = 0;

  constructor(source: BodySource) {
    this.#source = source;
  }

  /** Whether somebody has begun to read. */
  get used(): boolean {
    return this.#used;
  }

  /** Whether the last byte has arrived. */
  get complete(): boolean {
    return this.#ended;
  }

  /** Whether somebody waits for more right now. */
  get _wanted(): boolean {
    return this.#waiter !== null;
  }

  /**
   * The next piece, or null after the last one. The bytes are the caller's own.
   * A cancelled read loses nothing.
   * @throws TypeError when the body is being read as a whole, or by somebody else at once
   */
  read(): Future<Uint8Array | null> {
    if (this.#whole !== null || this.#discarding) throw alreadyRead();
    this.#used = true;
    const future = this.#source._loop.createFuture<Uint8Array | null>();
    if (this.#first < this.#pieces.length) future.setResult(this.#take());
    else if (this.#failed) future.setException(this.#error);
    else if (this.#ended) future.setResult(null);
    else {
      if (this.#waiting()) throw new TypeError('body is already being read by another coroutine');
      this.#waiter = future as Future<unknown>;
      this.#source._resumeBody();
    }
    return future;
  }

  async *[Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    try {
      for (;;) {
        const piece = await this.read();
        if (piece === null) return;
        yield piece;
      }
    } finally {
      this._discard();
    }
  }

  /** All bytes, converted; a body can be read as a whole only once. */
  _collect<T>(convert: (bytes: Uint8Array) => T): Future<T> {
    if (this.#used || this.#discarding) throw alreadyRead();
    this.#used = true;
    const future = this.#source._loop.createFuture<T>();
    this.#waiter = future as Future<unknown>;
    this.#whole = convert;
    if (this.#failed) this.#settleError();
    else if (this.#ended) this.#settleWhole();
    else {
      this.#source._resumeBody();
    }
    return future;
  }

  /** Nobody wants the rest: pieces are dropped as they come. */
  _discard(): void {
    this.#used = true;
    this.#discarding = true;
    this.#pieces = [];
    this.#first = 0;
    this.#buffered = 0;
    if (!this.#ended) this.#source._resumeBody();
  }

  _push(piece: Uint8Array): void {
    this.received += piece.length;
    if (this.#discarding) return;
    if (this.#waiting() && this.#whole === null) {
      this.#settle(piece);
      return;
    }
    this.#pieces.push(piece);
    this.#buffered += piece.length;
    if (this.#buffered > HIGH_WATER && this.#whole === null && !this.#paused) {
      this.#paused = true;
      this.#source._pauseBody();
    }
  }

  _end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#waiter === null) return;
    if (this.#whole !== null) this.#settleWhole();
    else this.#settle(null);
  }

  _fail(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failed = true;
    this.#error = error;
    if (this.#waiter !== null) this.#settleError();
  }

  #take(): Uint8Array {
    const piece = this.#pieces[this.#first]!;
    this.#pieces[this.#first] = undefined!;
    this.#first += 1;
    this.#buffered -= piece.length;
    if (this.#first === this.#pieces.length) {
      this.#pieces = [];
      this.#first = 0;
    }
    if (this.#paused && this.#buffered <= HIGH_WATER / 4) {
      this.#paused = false;
      this.#source._resumeBody();
    }
    return piece;
  }

  /** Whether a live waiter is there; a cancelled one has left. */
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
    if (!waiter.done()) waiter.setException(this.#error);
  }

  #settleWhole(): void {
    const convert = this.#whole!;
    const waiter = this.#waiter!;
    this.#waiter = null;
    if (waiter.done()) return;
    const pieces = this.#pieces;
    this.#pieces = [];
    try {
      const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
      waiter.setResult(convert(bytes));
    } catch (error) {
      waiter.setException(error);
    }
  }
}

function alreadyRead(): TypeError {
  return new TypeError('body has already been read');
}

const UTF8 = new TextDecoder();

/** The converters that messages share. */
export const toText = (bytes: Uint8Array): string => UTF8.decode(bytes);
export const toJson = (bytes: Uint8Array): unknown => JSON.parse(UTF8.decode(bytes));
export const toBytes = (bytes: Uint8Array): Uint8Array => bytes;
