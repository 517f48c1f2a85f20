/**
 * Files, read and written without blocking the loop. The work is done by Node's thread pool
 * (`node:fs/promises`); this module adds the order of the calls and cancellation.
 */
import type { FileHandle } from 'node:fs/promises';

import { AbortError, LimitOverrunError, RuntimeError } from '../core/errors/errors.ts';
import { DONE } from '../core/future/future.ts';
import type { Future } from '../core/future/future.ts';
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { listenToAbort } from '../core/support/abort-listeners.ts';
import { describe } from '../core/support/describe.ts';
import { showsText } from '../core/support/shows-text.ts';
import { abortedFirst, NO_OPTIONS } from '../tasks/abort.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { FileOperation, inRealTime } from './file-operation.ts';

/** The size of one system read or write in bytes: the maximum, and the minimum room for a read. */
const PIECE = 256 * 1024;
const PIECE_MIN = 16 * 1024;
const LINE_FEED = 10;
const EMPTY = Buffer.alloc(0);

/** The position that the offset of `seek` is relative to. */
export type Whence = 'start' | 'current' | 'end';

/** What `openFile` knows about the opened file. */
export interface Opened {
  readonly handle: FileHandle;
  readonly path: string;
  /** A regular file: it has positions, and no read or write of it blocks for ever. */
  readonly regular: boolean;
  readonly appends: boolean;
  readonly limit: number;
}

/**
 * An open file, created by `openFile`. Calls are carried out one after the other, in order; each
 * returns a future whose work starts without being awaited. All except `close` take `{ signal }`.
 *
 * Cancel-safe: bytes read by a cancelled read are kept for the next one, and the error of a
 * cancelled `write` has the number of bytes written in `bytesWritten`. A cancel during a system
 * call takes effect when the current piece (at most 256 KiB) is done; on a pipe or terminal it
 * takes effect at once.
 *
 * @example
 * const file = yield* openFile('list.txt');
 * for (let line; (line = yield* file.readline()).length > 0; ) use(line);
 * yield* file.close();
 */
export class AsyncFile {
  readonly #loop: AbstractEventLoop;
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #regular: boolean;
  readonly #appends: boolean;
  readonly #limit: number;
  /**
   * The read buffer: from `#taken` to `#filled` are bytes read from the system and not yet
   * returned.
   */
  #chunk: Buffer = EMPTY;
  #taken = 0;
  #filled = 0;
  /** The file position of the system's next read or write, after the bytes read ahead. */
  #position = 0;
  #ended = false;
  #tail: Promise<void> = Promise.resolve();
  #closing: Future<void> | null = null;

  /** @internal */
  constructor(loop: AbstractEventLoop, { handle, path, regular, appends, limit }: Opened) {
    this.#loop = loop;
    this.#handle = handle;
    this.#path = path;
    this.#regular = regular;
    this.#appends = appends;
    this.#limit = limit;
  }

  /** The path given to `openFile`. */
  get path(): string {
    return this.#path;
  }

  /** Whether `close` was called. */
  get closed(): boolean {
    return this.#closing !== null;
  }

  /** The descriptor, which remains owned by this object. @throws RuntimeError when it is closed */
  fileno(): number {
    this.#checkOpen('fileno()');
    return this.#handle.fd;
  }

  /**
   * Reads `size` bytes; fewer, or none, at the end of the file. Without `size`, reads all that is
   * left.
   *
   * @throws RangeError when `size` is not an integer of at least 0; RuntimeError when the file is
   *   closed; (the future) the system's error, AbortError when `signal` aborts
   * @example const head = yield* file.read(1024);
   */
  read(size: number | null = null, options: SignalOptions = NO_OPTIONS): Future<Buffer> {
    if (size !== null && (!Number.isInteger(size) || size < 0)) {
      throw new RangeError(`read(): size ${describe(size)} is not a number of bytes`);
    }
    const wanted = size ?? Infinity;
    return this.#start('read()', options, async (operation) => {
      await this.#fill(operation, () => this.#ahead >= wanted);
      return () => this.#take(Math.min(wanted, this.#ahead));
    });
  }

  /**
   * Reads into the caller's buffer, which must not be used meanwhile; returns the number of bytes,
   * 0 at the end of the file. Fills the buffer unless the file ends.
   * @throws TypeError when it is not a Uint8Array; otherwise as `read`
   */
  readInto(buffer: Uint8Array, options: SignalOptions = NO_OPTIONS): Future<number> {
    checkBytes('readInto()', buffer);
    return this.#start('readInto()', options, async (operation) => {
      await this.#fill(operation, () => this.#ahead >= buffer.length);
      return () => {
        const taken = this.#take(Math.min(buffer.length, this.#ahead));
        buffer.set(taken);
        return taken.length;
      };
    });
  }

  /** Reads all that is left, as UTF-8. @throws as `read` */
  readText(options: SignalOptions = NO_OPTIONS): Future<string> {
    return this.#start('readText()', options, async (operation) => {
      await this.#fill(operation, () => false);
      return () => this.#take(this.#ahead).toString();
    });
  }

  /**
   * Reads a line, including its line feed, which the last line may lack. Empty at the end of the
   * file.
   *
   * @throws LimitOverrunError when the line is longer than the file's `limit`: nothing is consumed,
   *   and `read` can read it; otherwise as `read`
   */
  readline(options: SignalOptions = NO_OPTIONS): Future<Buffer> {
    return this.#start('readline()', options, async (operation) => {
      let from = 0;
      let end = -1;
      await this.#fill(operation, () => {
        end = this.#find(LINE_FEED, from);
        from = this.#ahead;
        return end >= 0 || from > this.#limit;
      });
      const length = end < 0 ? this.#ahead : end + 1;
      if (length > this.#limit) throw overrun(this.#limit, length);
      return () => this.#take(length);
    });
  }

  /**
   * Reads all lines that are left, of any length. A cancelled call consumes none. @throws as `read`
   */
  readlines(options: SignalOptions = NO_OPTIONS): Future<Buffer[]> {
    return this.#start('readlines()', options, async (operation) => {
      await this.#fill(operation, () => false);
      return () => {
        const lines: Buffer[] = [];
        while (this.#ahead > 0) {
          const end = this.#find(LINE_FEED, 0);
          lines.push(this.#take(end < 0 ? this.#ahead : end + 1));
        }
        return lines;
      };
    });
  }

  /** Iterates over the lines, as returned by `readline`. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void> {
    for (;;) {
      const line = await this.readline();
      if (line.length === 0) return;
      yield line;
    }
  }

  /**
   * Writes all the data at the current position, or at the end of a file opened for appending; text
   * as UTF-8. Returns the number of bytes. A buffer must not be changed meanwhile.
   *
   * @throws TypeError when `data` is neither a string nor a Uint8Array; RuntimeError when the file
   *   is closed; (the future) the system's error, CancelledError or AbortError with `bytesWritten`
   */
  write(data: string | Uint8Array, options: SignalOptions = NO_OPTIONS): Future<number> {
    const bytes = typeof data === 'string' ? Buffer.from(data) : checkBytes('write()', data);
    return this.#start('write()', options, async (operation) => {
      this.#forgetAhead();
      operation.progress.bytesWritten = 0;
      for (let done = 0; done < bytes.length && !operation.stopped;) {
        const length = Math.min(PIECE, bytes.length - done);
        const at = this.#regular && !this.#appends ? this.#position : null;
        const { bytesWritten } = await this.#handle.write(bytes, done, length, at);
        done += bytesWritten;
        this.#position += bytesWritten;
        operation.progress.bytesWritten = done;
      }
      return () => bytes.length;
    });
  }

  /**
   * Writes all items in order, as one `write`; returns the total number of bytes. @throws as
   * `write`
   */
  writelines(lines: Iterable<string | Uint8Array>, options?: SignalOptions): Future<number> {
    const all = Array.from(lines, (line) =>
      typeof line === 'string' ? Buffer.from(line) : checkBytes('writelines()', line),
    );
    return this.write(Buffer.concat(all), options);
  }

  /**
   * Changes the current position; returns it, in bytes from the start.
   * @throws TypeError when `offset` is not an integer, or for an unknown `whence`; (the future)
   *   RangeError before the start of the file, RuntimeError for a pipe or terminal
   * @example yield* file.seek(-128, 'end');
   */
  seek(offset: number, whence: Whence = 'start', options?: SignalOptions): Future<number> {
    if (!Number.isInteger(offset)) {
      throw new TypeError(`seek(): offset ${describe(offset)} is not a number of bytes`);
    }
    if (whence !== 'start' && whence !== 'current' && whence !== 'end') {
      throw new TypeError(
        `seek(): whence must be 'start', 'current' or 'end', got ${describe(whence)}`,
      );
    }
    return this.#start('seek()', options, async () => {
      if (!this.#regular) throw new RuntimeError(`seek(): ${this} is no regular file`);
      const { size } = whence === 'end' ? await this.#handle.stat() : { size: 0 };
      const base = whence === 'start' ? 0 : whence === 'end' ? size : this.tell();
      if (base + offset < 0) {
        throw new RangeError(`seek(): ${base + offset} is before the start of the file`);
      }
      return () => {
        this.#taken = this.#filled;
        return (this.#position = base + offset);
      };
    });
  }

  /** The current position, in bytes from the start. */
  tell(): number {
    return this.#position - this.#ahead;
  }

  /**
   * Sets the length of the file in bytes; by default to the current position. @throws RangeError
   * when `size` is not an integer of at least 0; RuntimeError when the file is closed; (the future)
   * the system's error, AbortError
   */
  truncate(size: number | null = null, options: SignalOptions = NO_OPTIONS): Future<void> {
    if (size !== null && (!Number.isInteger(size) || size < 0)) {
      throw new RangeError(`truncate(): size ${describe(size)} is not a number of bytes`);
    }
    return this.#start('truncate()', options, async () => {
      this.#forgetAhead();
      await this.#handle.truncate(size ?? this.#position);
      return () => {};
    });
  }

  /** Waits until the data written is on the disk (`fsync(2)`). @throws as `truncate` */
  sync(options: SignalOptions = NO_OPTIONS): Future<void> {
    return this.#start('sync()', options, async () => {
      await this.#handle.sync();
      return () => {};
    });
  }

  /**
   * Closes it once the earlier calls are done; further calls return the same future. Cancelling the
   * wait does not stop it.
   * @throws (the future) the system's error, such as ENOSPC for data written before
   */
  close(): Future<void> {
    if (this.#closing !== null) return this.#closing;
    const operation = new FileOperation<void>(this.#loop, true);
    this.#closing = operation;
    if (this.#loop.isClosed()) {
      // Nobody is left to wait for the result, but the descriptor must not leak.
      this.#tail = this.#tail.then(() => this.#handle.close()).catch(() => {});
      operation._settle(DONE, undefined);
      return operation;
    }
    this.#follow(operation, async () => {
      await this.#handle.close();
      return () => {};
    });
    return operation;
  }

  /** `close()` */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  toString(): string {
    return `<AsyncFile ${this.#path}${this.closed ? ' closed' : ''}>`;
  }

  #checkOpen(call: string): void {
    if (this.#closing !== null) throw new RuntimeError(`${call}: ${this} is closed`);
  }

  #start<T>(
    call: string,
    options: SignalOptions = NO_OPTIONS,
    work: (operation: FileOperation<T>) => Promise<() => T>,
  ): Future<T> {
    const aborted = abortedFirst(call, options);
    this.#checkOpen(call);
    const operation = new FileOperation<T>(this.#loop, this.#regular);
    const { signal } = options;
    if (aborted !== null) {
      operation._giveUp(aborted);
      return operation;
    }
    if (signal) {
      const forget = listenToAbort(signal, () => operation._giveUp(new AbortError(signal.reason)));
      operation._addWaiter({ _wake: forget, _looksOn: true });
    }
    this.#follow(operation, work);
    return operation;
  }

  /** Runs the work after the earlier calls. */
  #follow<T>(
    operation: FileOperation<T>,
    work: (operation: FileOperation<T>) => Promise<() => T>,
  ): void {
    const before = this.#tail;
    const perform = async (): Promise<void> => {
      await before;
      if (!operation._begin() && operation !== (this.#closing as unknown)) return;
      try {
        operation._end(await work(operation));
      } catch (error) {
        operation._refused(error);
      }
    };
    this.#tail = perform();
    inRealTime(this.#loop, this.#tail);
  }

  /** Reads ahead until there is enough, the file ends, or the operation is cancelled. */
  async #fill(operation: FileOperation<any>, enough: () => boolean): Promise<void> {
    // A regular file may have grown since, so try again.
    this.#ended &&= !this.#regular;
    while (!enough() && !this.#ended && !operation.stopped) {
      this.#makeRoom();
      const at = this.#regular ? this.#position : null;
      const { bytesRead } = await this.#handle.read(this.#chunk, this.#filled, null, at);
      this.#position += bytesRead;
      this.#filled += bytesRead;
      this.#ended = bytesRead === 0;
    }
  }

  /**
   * Ensures room to read into. Bytes already returned to the caller are views of the old chunk, so
   * it is never reused: the bytes left are copied to a new one.
   */
  #makeRoom(): void {
    if (this.#chunk.length - this.#filled >= PIECE_MIN) return;
    const ahead = this.#chunk.subarray(this.#taken, this.#filled);
    const size = Math.max(PIECE, ahead.length * 2);
    const chunk = Buffer.allocUnsafeSlow(size);
    ahead.copy(chunk);
    this.#chunk = chunk;
    this.#filled = ahead.length;
    this.#taken = 0;
  }

  /** The index of a byte among the bytes read ahead, or -1. */
  #find(byte: number, from: number): number {
    const rest = this.#chunk.subarray(this.#taken, this.#filled);
    return rest.indexOf(byte, from);
  }

  #take(size: number): Buffer {
    const taken = this.#chunk.subarray(this.#taken, this.#taken + size);
    this.#taken += size;
    return taken;
  }

  /**
   * Drops the bytes read ahead: a write goes to the position of the caller, not to that of the
   * system's reads.
   */
  #forgetAhead(): void {
    if (!this.#regular) return;
    this.#position -= this.#ahead;
    this.#taken = this.#filled;
  }

  /** The number of bytes read from the system and not yet returned. */
  get #ahead(): number {
    return this.#filled - this.#taken;
  }
}

function checkBytes(call: string, bytes: unknown): Uint8Array {
  if (bytes instanceof Uint8Array) return bytes;
  throw new TypeError(`${call} takes a string or a Uint8Array, got ${describe(bytes)}`);
}

function overrun(limit: number, length: number): LimitOverrunError {
  return new LimitOverrunError(
    `the line is longer than the file's limit of ${limit} bytes`,
    length,
  );
}

showsText(AsyncFile);
