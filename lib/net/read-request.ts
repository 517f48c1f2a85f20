import { CANCELLED, DONE, Future } from '../core/future/future.ts';
import type { Yieldable } from '../core/support/types.ts';
import type { StreamReader } from './stream-reader.ts';

/** At least one byte, at most `count`. */
export const ANY = 0;
/** Exactly `count` bytes. */
export const EXACTLY = 1;
/** Everything up to the end of the stream. */
export const ALL = 2;
/** Up to and with a separator. */
export const UNTIL = 3;
/** The same, but the end of the stream ends it too. */
export const LINE = 4;

/**
 * The future of a read that has to wait. The bytes stay in the reader until there are enough, so
 * cancelling it loses nothing.
 *
 * The task may still be cancelled between the moment it is settled and the turn in which the task
 * resumes. In asyncio the bytes are then untouched, because the task takes them only when it runs.
 * Here they are handed over at once, so a cancel that comes before the result is read puts them
 * back and cancels this future.
 */
export class ReadRequest extends Future<Buffer> {
  /** @internal */ readonly _reader: StreamReader;
  /** @internal */ readonly _kind: number;
  /** @internal */ readonly _count: number;
  /** @internal */ readonly _separators: readonly Buffer[] | null;
  /** @internal How many bytes of the reader's buffer were searched: no separator starts there. */
  _scanned = 0;
  /** @internal The bytes have been taken. */
  _taken = false;

  constructor(
    reader: StreamReader,
    kind: number,
    count: number,
    separators: readonly Buffer[] | null,
  ) {
    super(reader);
    this._reader = reader;
    this._kind = kind;
    this._count = count;
    this._separators = separators;
  }

  override cancel(reason?: unknown): boolean {
    if (this._state !== DONE || this._taken) return super.cancel(reason);
    const data = this._value as Buffer;
    this._state = CANCELLED;
    this._value = reason;
    this._reader._giveBack(data);
    return true;
  }

  /** @internal */
  override _isUntaken(): boolean {
    return this._state === DONE && !this._taken;
  }

  override result(): Buffer {
    if (this._state === DONE) this._taken = true;
    return super.result();
  }

  /** @internal */
  override next(): IteratorResult<Yieldable, Buffer> {
    if (this._state === DONE) this._taken = true;
    return super.next();
  }

  override then<A = Buffer, B = never>(
    fulfilled?: ((value: Buffer) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    if (this._state === DONE) this._taken = true;
    return super.then((data: Buffer) => {
      this._taken = true;
      return typeof fulfilled === 'function' ? fulfilled(data) : (data as A);
    }, rejected);
  }
}

/** The future of a step through the lines: a line's text without its ending, or the end. */
export class LineStep extends ReadRequest {
  readonly #encoding: BufferEncoding;

  constructor(reader: StreamReader, separators: readonly Buffer[], encoding: BufferEncoding) {
    super(reader, LINE, 0, separators);
    this.#encoding = encoding;
  }

  #step(line: Buffer): IteratorResult<string, undefined> {
    if (line.length === 0) return { done: true, value: undefined };
    let end = line.length;
    if (line[end - 1] === NEWLINE_BYTE) end--;
    if (end < line.length && line[end - 1] === RETURN_BYTE) end--;
    return { done: false, value: line.toString(this.#encoding, 0, end) };
  }

  override result(): any {
    return this.#step(super.result());
  }

  /** @internal */
  override next(): IteratorResult<Yieldable, any> {
    const step: IteratorResult<Yieldable, any> = super.next();
    // The iterator result is shared by all futures, and read at once.
    if (this._state === DONE) step.value = this.#step(step.value as Buffer);
    return step;
  }

  override then<A = any, B = never>(
    fulfilled?: ((value: any) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return super.then((line: Buffer) => {
      const step = this.#step(line);
      return typeof fulfilled === 'function' ? fulfilled(step) : (step as A);
    }, rejected);
  }
}

const NEWLINE_BYTE = 10;
const RETURN_BYTE = 13;
