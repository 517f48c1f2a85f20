import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { describe } from '../core/support/describe.ts';
import { IncompleteReadError, LimitOverrunError, RuntimeError } from '../core/errors/errors.ts';
import { DONE, type Future, PENDING } from '../core/future/future.ts';
import { checkGivenLoop } from '../core/context/given-loop.ts';
import { checkOptions } from '../core/support/options.ts';
import { loopFor } from '../core/context/running.ts';
import { showsText } from '../core/support/shows-text.ts';
import { isWorthRoom, mayHaveRoom } from '../io/receive-room.ts';
import { abortedFirst, abortWith, NO_OPTIONS, type SignalOptions } from '../tasks/abort.ts';
import { ByteQueue, EMPTY } from './byte-queue.ts';
import { doneFuture, failedFuture } from '../core/future/done-future.ts';
import { Lines, type LinesOptions } from './lines.ts';
import { ALL, ANY, EXACTLY, LINE, LineStep, ReadRequest, UNTIL } from './read-request.ts';
import { findEnd, NEWLINE, type Separator, separatorList } from './separators.ts';

/** In bytes: the longest line, and half of what is buffered before reading is paused. */
export const DEFAULT_LIMIT: number = 1024 * 1024;

/** Options of `new StreamReader`. */
export interface StreamReaderOptions {
  /** The longest line in bytes; reading pauses at twice as much. Default 1 MiB. */
  limit?: number;
  /** Default: the running one. */
  loop?: AbstractEventLoop;
}

/** The part of a transport that a reader uses to pause reading. */
export interface PausableTransport {
  pauseReading(): void;
  resumeReading(): void;
}

/** One that can receive into memory of its protocol. */
interface DirectTransport extends PausableTransport {
  _receiveDirectly?(): void;
}

/**
 * The receiving side of a stream. Every read returns a future that has already started; only one
 * may wait at a time. Cancelling a read loses nothing: the bytes remain for the next one.
 *
 * @example
 * const [reader, writer] = yield* openConnection('127.0.0.1', 8888);
 * writer.write('GET / HTTP/1.0\r\n\r\n');
 * const status = yield* reader.readline();
 * const body = yield* reader.read(); // up to the end
 */
export class StreamReader {
  readonly loop: AbstractEventLoop;
  readonly limit: number;
  readonly #queue = new ByteQueue();
  #transport: PausableTransport | null = null;
  #request: ReadRequest | null = null;
  #paused = false;
  #eof = false;
  #exception: unknown = null;

  /** @param options - the limit in bytes, or `limit` and `loop` */
  constructor(options: number | StreamReaderOptions = {}) {
    const given = typeof options === 'number' ? { limit: options } : options;
    checkOptions('StreamReader', given, ['limit', 'loop']);
    this.limit = given.limit ?? DEFAULT_LIMIT;
    checkLimit(this.limit);
    if (given.loop !== undefined) checkGivenLoop('StreamReader', given.loop);
    this.loop = given.loop ?? loopFor('new StreamReader()');
  }

  /**
   * Reads at least one and at most `count` bytes; by default, or with a negative count, everything
   * up to the end. Returns an empty Buffer at the end of the stream. Cancel-safe, also with
   * `signal`: the bytes remain for the next read.
   * @throws RuntimeError when another read is waiting; AbortError when `signal` aborts
   */
  read(count = -1, options: SignalOptions = NO_OPTIONS): Future<Buffer> {
    checkCount(count);
    if (options !== NO_OPTIONS) return this.#until('read', options, () => this.read(count));
    if (this.#exception !== null) return failedFuture(this, this.#exception);
    // Of nothing it need not wait for its turn.
    if (count === 0) return doneFuture(this, EMPTY);
    this.#checkIdle('read');
    if (count < 0) return this.#eof ? this.#taken(this.#queue.size) : this.#wait(ALL, 0);
    if (this.#queue.size > 0) return this.#taken(count);
    return this.#eof ? doneFuture(this, EMPTY) : this.#wait(ANY, count);
  }

  /**
   * Reads exactly `count` bytes, which may exceed the limit. Cancel-safe, as {@link read}.
   * @throws IncompleteReadError with `partial` when the stream ends earlier; as {@link read}
   */
  readexactly(count: number, options: SignalOptions = NO_OPTIONS): Future<Buffer> {
    checkCount(count);
    if (count < 0) throw new RangeError('readexactly size can not be less than zero');
    if (options !== NO_OPTIONS) {
      return this.#until('readexactly', options, () => this.readexactly(count));
    }
    if (this.#exception !== null) return failedFuture(this, this.#exception);
    if (count === 0) return doneFuture(this, EMPTY);
    this.#checkIdle('readexactly');
    if (this.#queue.size >= count && this.#exception === null) return this.#taken(count);
    return this.#begin(new ReadRequest(this, EXACTLY, count, null));
  }

  /**
   * Reads a line with its `\n`; at the end of the stream what is left, possibly nothing.
   * Cancel-safe, as {@link read}.
   * @throws LimitOverrunError when the line is longer than the limit; the bytes stay in the reader,
   * and `consumed` of them can be read with other methods; as {@link read}
   */
  readline(options: SignalOptions = NO_OPTIONS): Future<Buffer> {
    if (options !== NO_OPTIONS) return this.#until('readline', options, () => this.readline());
    this.#checkIdle('readline');
    return this.#begin(new ReadRequest(this, LINE, 0, NEWLINE));
  }

  /**
   * Reads up to and including a separator; with several, the one whose match ends first.
   * Cancel-safe, as {@link read}.
   * @throws LimitOverrunError as {@link readline}
   * @throws IncompleteReadError with `partial` when the stream ends before; as {@link read}
   */
  readuntil(
    separator: Separator | readonly Separator[] = '\n',
    options: SignalOptions = NO_OPTIONS,
  ): Future<Buffer> {
    const separators = separatorList(separator);
    if (options !== NO_OPTIONS) {
      return this.#until('readuntil', options, () => this.readuntil(separator));
    }
    this.#checkIdle('readuntil');
    return this.#begin(new ReadRequest(this, UNTIL, 0, separators));
  }

  /**
   * The lines as strings, without `\n` or `\r\n`, up to the end of the stream:
   * `for await (const line of reader.lines())`, or `forEach(reader.lines(), …)`. Leaving the loop
   * early, or a cancel, leaves the rest in the reader.
   * @throws from a step, what {@link readline} throws
   */
  lines(options: LinesOptions = {}): Lines {
    return new Lines(this, options);
  }

  /** @internal One step through the lines. */
  _nextLine(encoding: BufferEncoding): Future<any> {
    this.#checkIdle('lines');
    return this.#begin(new LineStep(this, NEWLINE, encoding));
  }

  /** Combines a read with a signal. */
  #until(name: string, options: SignalOptions, read: () => Future<Buffer>): Future<Buffer> {
    const aborted = abortedFirst(`StreamReader.${name}()`, options);
    return aborted === null ? abortWith(read(), options.signal) : failedFuture(this, aborted);
  }

  /** Whether the stream has ended and everything was read. */
  atEof(): boolean {
    return this.#eof && this.#queue.size === 0;
  }

  /** The error that ended the stream, or null. */
  exception(): unknown {
    return this.#exception;
  }

  /** Iterates over lines up to the end of the stream: `for await (const line of reader)`. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Buffer, undefined> {
    const next = (): Promise<IteratorResult<Buffer, undefined>> =>
      this.readline().then((line) =>
        line.length === 0 ? { done: true, value: undefined } : { done: false, value: line },
      );
    return {
      next,
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** Sets the transport to pause while more than twice the limit is buffered. */
  setTransport(transport: PausableTransport): void {
    if (
      typeof transport?.pauseReading !== 'function' ||
      typeof transport.resumeReading !== 'function'
    ) {
      throw new TypeError(
        `a transport must have pauseReading() and resumeReading(), not ${describe(transport)}`,
      );
    }
    this.#transport = transport;
  }

  /** Adds received bytes, which must not be changed afterwards. */
  feedData(data: Uint8Array): void {
    if (!(data instanceof Uint8Array)) {
      throw new TypeError(`data must be a Buffer or a Uint8Array, not ${describe(data)}`);
    }
    if (this.#eof) throw new RuntimeError('feedData() after feedEof()');
    if (data.length === 0) return;
    const bytes = Buffer.isBuffer(data)
      ? data
      : Buffer.from(data.buffer, data.byteOffset, data.length);
    const request = this.#request;
    // By far the most common case: a wait for any bytes, and an empty buffer.
    if (
      request !== null &&
      request._kind === ANY &&
      request._state === PENDING &&
      bytes.length <= request._count
    ) {
      this.#request = null;
      request._settle(DONE, bytes);
      return;
    }
    this.#queue.push(bytes);
    this.#advance();
    this.#slowDown();
    this.#receiveDirectly();
  }

  /** Marks the end of the stream. */
  feedEof(): void {
    this.#eof = true;
    this.#advance();
  }

  /** Fails the waiting read and every later one. */
  setException(error: unknown): void {
    if (error === undefined || error === null) {
      throw new TypeError(`setException(${String(error)}): give an error`);
    }
    this.#exception = error;
    const request = this.#request;
    this.#request = null;
    if (request !== null && !request.done()) request.setException(error);
  }

  /** @internal Memory for a read that waits for many bytes; null when there is none. */
  _room(): Buffer | null {
    const request = this.#request;
    if (request === null || request._kind !== EXACTLY || request._state !== PENDING) return null;
    return mayHaveRoom(this.#queue.size) ? this.#queue.room(request._count) : null;
  }

  /** @internal Records that `count` bytes were received there. */
  _filled(count: number): void {
    this.#queue.filled(count);
    this.#advance();
  }

  /** Makes a large read receive directly into the buffer that it will return. */
  #receiveDirectly(): void {
    const request = this.#request;
    if (request === null || request._kind !== EXACTLY) return;
    if (!isWorthRoom(this.#queue.size, request._count)) return;
    (this.#transport as DirectTransport | null)?._receiveDirectly?.();
  }

  /** Takes all unread bytes; a read that waits keeps waiting. */
  _takeUnread(): Buffer {
    return this.#take(this.#queue.size);
  }

  /** Puts back bytes that were given to a task which was cancelled before it resumed. */
  _giveBack(data: Buffer): void {
    if (data.length === 0) return;
    this.#queue.unshift(data);
    if (this.#request !== null) this.#request._scanned = 0;
    this.#advance();
  }

  #checkIdle(method: string): void {
    if (this.#request === null) return;
    if (this.#request.done()) {
      this.#request = null;
      return;
    }
    throw new RuntimeError(
      `${method}() called while another coroutine is already waiting for incoming data`,
    );
  }

  #begin(request: ReadRequest): Future<Buffer> {
    if (this.#exception !== null) return failedFuture(this, this.#exception);
    this.#request = request;
    this.#advance();
    if (this.#request === request) {
      this.#speedUp();
      this.#receiveDirectly();
    }
    return request;
  }

  #wait(kind: number, count: number): Future<Buffer> {
    const request = new ReadRequest(this, kind, count, null);
    this.#request = request;
    this.#speedUp();
    return request;
  }

  #taken(count: number): Future<Buffer> {
    return doneFuture(this, this.#take(count));
  }

  #take(count: number): Buffer {
    const data = count === 0 ? EMPTY : this.#queue.take(count);
    if (this.#paused && this.#queue.size <= this.limit) this.#speedUp();
    return data;
  }

  /** Pauses reading when more than twice the limit is buffered and no read waits. */
  #slowDown(): void {
    if (this.#paused || this.#transport === null || this.#request !== null) return;
    if (this.#queue.size <= 2 * this.limit) return;
    this.#paused = true;
    this.#transport.pauseReading();
  }

  #speedUp(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#transport!.resumeReading();
  }

  /** Settles the waiting read if the buffered bytes are enough for it. */
  #advance(): void {
    const request = this.#request;
    if (request === null) return;
    if (request._state !== PENDING) {
      this.#request = null;
      return;
    }
    const outcome = this.#outcome(request);
    if (outcome === null) return;
    this.#request = null;
    if (outcome instanceof Error) request._fail(outcome);
    else request._settle(DONE, outcome);
  }

  #outcome(request: ReadRequest): Buffer | Error | null {
    const size = this.#queue.size;
    switch (request._kind) {
      case ANY:
        return size > 0 || this.#eof ? this.#take(Math.min(request._count, size)) : null;
      case EXACTLY:
        if (size >= request._count) return this.#take(request._count);
        return this.#eof ? new IncompleteReadError(this.#take(size), request._count) : null;
      case ALL:
        return this.#eof ? this.#take(size) : null;
      default:
        return this.#found(request, size);
    }
  }

  #found(request: ReadRequest, size: number): Buffer | Error | null {
    const end = findEnd(this.#queue, request, this.limit);
    if (end instanceof LimitOverrunError) return end;
    if (end !== -1) return this.#take(end);
    if (!this.#eof) return null;
    const rest = this.#take(size);
    return request._kind === LINE ? rest : new IncompleteReadError(rest, null);
  }

  toString(): string {
    const state = this.#exception !== null ? 'failed' : this.#eof ? 'ended' : 'open';
    return `<StreamReader ${state} ${this.#queue.size} bytes>`;
  }
}

showsText(StreamReader);

/** Refuses a limit that is not a positive integer. */
export function checkLimit(limit: unknown): void {
  if (typeof limit === 'number' && Number.isInteger(limit) && limit > 0) return;
  throw new RangeError(`limit must be a positive integer, not ${describe(limit)}`);
}

function checkCount(count: unknown): void {
  if (typeof count !== 'number') {
    throw new TypeError(`count must be a number, not ${typeof count}`);
  }
  if (!Number.isInteger(count)) throw new RangeError(`count must be an integer, not ${count}`);
}
