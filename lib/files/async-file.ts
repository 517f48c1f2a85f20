/**
 * Files, read and written beside the loop. The work is done by the thread pool of Node
 * (`node:fs/promises`); what stands here is the order of the calls, and what a cancel leaves.
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

/** How much is read or written in one piece, in bytes: at most, and at least of a read. */
const PIECE = 256 * 1024;
const PIECE_MIN = 16 * 1024;
const LINE_FEED = 10;
const EMPTY = Buffer.alloc(0);

/** From where `seek` counts. */
export type Whence = 'start' | 'current' | 'end';

/** What `openFile` has found out. */
export interface Opened {
  readonly handle: FileHandle;
  readonly path: string;
  /** A regular file: it has positions, and no read or write of it takes for ever. */
  readonly regular: boolean;
  readonly appends: boolean;
  readonly limit: number;
}

/**
 * A file that `openFile` has opened. Calls on it are done one after the other, in their order; each
 * gives a future that has begun. All take `{ signal }`.
 *
 * Cancel-safe: bytes that a cancelled read has read are there for the next one, and the error of a
 * cancelled `write` says in `bytesWritten` how much of it is in the file. A cancel of what the
 * system has begun is answered when the piece under way (256 KiB at most) is through; a pipe or
 * terminal is not waited for.
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
  /** What was read from the system stands in it from `#taken` to `#filled`. */
  #chunk: Buffer = EMPTY;
  #taken = 0;
  #filled = 0;
  /** Where the system's next read or write is to be: behind what is ahead. */
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

  /** What `openFile` was given. */
  get path(): string {
    return this.#path;
  }

  /** Whether `close` was called. */
  get closed(): boolean {
    return this.#closing !== null;
  }

  /** The descriptor, which stays the file's. @throws RuntimeError when it is closed */
  fileno(): number {
    this.#checkOpen('fileno()');
    return this.#handle.fd;
  }

  /**
   * Reads `size` bytes, fewer at the end of the file, none when it is there; without `size`, all
   * that is left.
   *
   * @throws RangeError when `size` is no number of bytes; RuntimeError when it is closed; the
   *   future: the system's error, AbortError
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
   * Reads into a buffer of the caller's, which must be left alone meanwhile; gives how many bytes,
   * 0 at the end of the file. Fewer than it holds only at the end.
   * @throws TypeError for anything but a Uint8Array; else as `read`
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

  /** Reads what is left, as UTF-8. @throws as `read` */
  readText(options: SignalOptions = NO_OPTIONS): Future<string> {
    return this.#start('readText()', options, async (operation) => {
      await this.#fill(operation, () => false);
      return () => this.#take(this.#ahead).toString();
    });
  }

  /**
   * Reads a line with its line feed; the last one may have none. Empty at the end of the file.
   *
   * @throws LimitOverrunError when it is longer than the file's `limit`: nothing is taken, and
   *   `read` gives it; else as `read`
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

  /** Reads all lines that are left. A cancel takes none. @throws as `readline` */
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

  /** The lines, as `readline` gives them. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void> {
    for (;;) {
      const line = await this.readline();
      if (line.length === 0) return;
      yield line;
    }
  }

  /**
   * Writes all of it where the file stands, or at its end when it was opened to append; text as
   * UTF-8. Gives the number of bytes. A buffer must be left alone meanwhile.
   *
   * @throws TypeError for what is neither; RuntimeError when it is closed; the future: the system's
   *   error, CancelledError or AbortError with `bytesWritten`
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

  /** Writes each, one after the other; a cancel tells `bytesWritten` of all. @throws as `write` */
  writelines(lines: Iterable<string | Uint8Array>, options?: SignalOptions): Future<number> {
    const all = Array.from(lines, (line) =>
      typeof line === 'string' ? Buffer.from(line) : checkBytes('writelines()', line),
    );
    return this.write(Buffer.concat(all), options);
  }

  /**
   * Moves to another place; gives it, in bytes from the start.
   * @throws TypeError, RangeError for anything but an offset; RuntimeError for a pipe or terminal
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

  /** Where the next read or write is, in bytes from the start. */
  tell(): number {
    return this.#position - this.#ahead;
  }

  /** Makes it so many bytes long; by default it ends where it stands. @throws as `write` */
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

  /** Waits until what was written is on the disk (`fsync(2)`). */
  sync(options: SignalOptions = NO_OPTIONS): Future<void> {
    return this.#start('sync()', options, async () => {
      await this.#handle.sync();
      return () => {};
    });
  }

  /**
   * Closes it when the calls before are done; idempotent. Giving up the wait does not stop it.
   * @throws the future: the system's error, such as ENOSPC for what was written before
   */
  close(): Future<void> {
    if (this.#closing !== null) return this.#closing;
    const operation = new FileOperation<void>(this.#loop, true);
    this.#closing = operation;
    if (this.#loop.isClosed()) {
      // No caller is left for the result; but the descriptor must not stay.
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

  /** Does it behind those before. */
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

  /** Reads ahead until that is enough, the file has ended, or nobody wants more. */
  async #fill(operation: FileOperation<any>, enough: () => boolean): Promise<void> {
    // A regular file may have grown.
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

  /** What was given away lies in the chunk and stays as it is: the rest moves on to a new one. */
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

  /** Where a byte stands in what is ahead, or -1. */
  #find(byte: number, from: number): number {
    const rest = this.#chunk.subarray(this.#taken, this.#filled);
    return rest.indexOf(byte, from);
  }

  #take(size: number): Buffer {
    const taken = this.#chunk.subarray(this.#taken, this.#taken + size);
    this.#taken += size;
    return taken;
  }

  /** What is written goes where the reader is, not where the system's reads are. */
  #forgetAhead(): void {
    if (!this.#regular) return;
    this.#position -= this.#ahead;
    this.#taken = this.#filled;
  }

  /** How many bytes were read from the system, and not by anybody yet. */
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
