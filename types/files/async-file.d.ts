import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
/** From where `seek` counts. */
export type Whence = 'start' | 'current' | 'end';
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
export declare class AsyncFile {
    #private;
    private constructor();
    /** What `openFile` was given. */
    get path(): string;
    /** Whether `close` was called. */
    get closed(): boolean;
    /** The descriptor, which stays the file's. @throws RuntimeError when it is closed */
    fileno(): number;
    /**
     * Reads `size` bytes, fewer at the end of the file, none when it is there; without `size`, all
     * that is left.
     *
     * @throws RangeError when `size` is no number of bytes; RuntimeError when it is closed; the
     *   future: the system's error, AbortError
     * @example const head = yield* file.read(1024);
     */
    read(size?: number | null, options?: SignalOptions): Future<Buffer>;
    /**
     * Reads into a buffer of the caller's, which must be left alone meanwhile; gives how many bytes,
     * 0 at the end of the file. Fewer than it holds only at the end.
     * @throws TypeError for anything but a Uint8Array; else as `read`
     */
    readInto(buffer: Uint8Array, options?: SignalOptions): Future<number>;
    /** Reads what is left, as UTF-8. @throws as `read` */
    readText(options?: SignalOptions): Future<string>;
    /**
     * Reads a line with its line feed; the last one may have none. Empty at the end of the file.
     *
     * @throws LimitOverrunError when it is longer than the file's `limit`: nothing is taken, and
     *   `read` gives it; else as `read`
     */
    readline(options?: SignalOptions): Future<Buffer>;
    /** Reads all lines that are left. A cancel takes none. @throws as `readline` */
    readlines(options?: SignalOptions): Future<Buffer[]>;
    /** The lines, as `readline` gives them. */
    [Symbol.asyncIterator](): AsyncGenerator<Buffer, void>;
    /**
     * Writes all of it where the file stands, or at its end when it was opened to append; text as
     * UTF-8. Gives the number of bytes. A buffer must be left alone meanwhile.
     *
     * @throws TypeError for what is neither; RuntimeError when it is closed; the future: the system's
     *   error, CancelledError or AbortError with `bytesWritten`
     */
    write(data: string | Uint8Array, options?: SignalOptions): Future<number>;
    /** Writes each, one after the other; a cancel tells `bytesWritten` of all. @throws as `write` */
    writelines(lines: Iterable<string | Uint8Array>, options?: SignalOptions): Future<number>;
    /**
     * Moves to another place; gives it, in bytes from the start.
     * @throws TypeError, RangeError for anything but an offset; RuntimeError for a pipe or terminal
     * @example yield* file.seek(-128, 'end');
     */
    seek(offset: number, whence?: Whence, options?: SignalOptions): Future<number>;
    /** Where the next read or write is, in bytes from the start. */
    tell(): number;
    /** Makes it so many bytes long; by default it ends where it stands. @throws as `write` */
    truncate(size?: number | null, options?: SignalOptions): Future<void>;
    /** Waits until what was written is on the disk (`fsync(2)`). */
    sync(options?: SignalOptions): Future<void>;
    /**
     * Closes it when the calls before are done; idempotent. Giving up the wait does not stop it.
     * @throws the future: the system's error, such as ENOSPC for what was written before
     */
    close(): Future<void>;
    /** `close()` */
    [Symbol.asyncDispose](): Promise<void>;
    toString(): string;
}
