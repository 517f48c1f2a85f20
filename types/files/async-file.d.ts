import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
/** The position that the offset of `seek` is relative to. */
export type Whence = 'start' | 'current' | 'end';
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
export declare class AsyncFile {
    #private;
    private constructor();
    /** The path given to `openFile`. */
    get path(): string;
    /** Whether `close` was called. */
    get closed(): boolean;
    /** The descriptor, which remains owned by this object. @throws RuntimeError when it is closed */
    fileno(): number;
    /**
     * Reads `size` bytes; fewer, or none, at the end of the file. Without `size`, reads all that is
     * left.
     *
     * @throws RangeError when `size` is not an integer of at least 0; RuntimeError when the file is
     *   closed; (the future) the system's error, AbortError when `signal` aborts
     * @example const head = yield* file.read(1024);
     */
    read(size?: number | null, options?: SignalOptions): Future<Buffer>;
    /**
     * Reads into the caller's buffer, which must not be used meanwhile; returns the number of bytes,
     * 0 at the end of the file. Fills the buffer unless the file ends.
     * @throws TypeError when it is not a Uint8Array; otherwise as `read`
     */
    readInto(buffer: Uint8Array, options?: SignalOptions): Future<number>;
    /** Reads all that is left, as UTF-8. @throws as `read` */
    readText(options?: SignalOptions): Future<string>;
    /**
     * Reads a line, including its line feed, which the last line may lack. Empty at the end of the
     * file.
     *
     * @throws LimitOverrunError when the line is longer than the file's `limit`: nothing is consumed,
     *   and `read` can read it; otherwise as `read`
     */
    readline(options?: SignalOptions): Future<Buffer>;
    /**
     * Reads all lines that are left, of any length. A cancelled call consumes none. @throws as `read`
     */
    readlines(options?: SignalOptions): Future<Buffer[]>;
    /** Iterates over the lines, as returned by `readline`. */
    [Symbol.asyncIterator](): AsyncGenerator<Buffer, void>;
    /**
     * Writes all the data at the current position, or at the end of a file opened for appending; text
     * as UTF-8. Returns the number of bytes. A buffer must not be changed meanwhile.
     *
     * @throws TypeError when `data` is neither a string nor a Uint8Array; RuntimeError when the file
     *   is closed; (the future) the system's error, CancelledError or AbortError with `bytesWritten`
     */
    write(data: string | Uint8Array, options?: SignalOptions): Future<number>;
    /**
     * Writes all items in order, as one `write`; returns the total number of bytes. @throws as
     * `write`
     */
    writelines(lines: Iterable<string | Uint8Array>, options?: SignalOptions): Future<number>;
    /**
     * Changes the current position; returns it, in bytes from the start.
     * @throws TypeError when `offset` is not an integer, or for an unknown `whence`; (the future)
     *   RangeError before the start of the file, RuntimeError for a pipe or terminal
     * @example yield* file.seek(-128, 'end');
     */
    seek(offset: number, whence?: Whence, options?: SignalOptions): Future<number>;
    /** The current position, in bytes from the start. */
    tell(): number;
    /**
     * Sets the length of the file in bytes; by default to the current position. @throws RangeError
     * when `size` is not an integer of at least 0; RuntimeError when the file is closed; (the future)
     * the system's error, AbortError
     */
    truncate(size?: number | null, options?: SignalOptions): Future<void>;
    /** Waits until the data written is on the disk (`fsync(2)`). @throws as `truncate` */
    sync(options?: SignalOptions): Future<void>;
    /**
     * Closes it once the earlier calls are done; further calls return the same future. Cancelling the
     * wait does not stop it.
     * @throws (the future) the system's error, such as ENOSPC for data written before
     */
    close(): Future<void>;
    /** `close()` */
    [Symbol.asyncDispose](): Promise<void>;
    toString(): string;
}
