import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { type Future } from '../core/future/future.ts';
import { type Separator } from './separators.ts';
/** How a reader is made. */
export interface StreamReaderOptions {
    /** In bytes; default 1 MiB. */
    limit?: number;
    /** Default: the running one. */
    loop?: AbstractEventLoop;
}
/** The part of a transport that a reader uses to slow the peer down. */
export interface PausableTransport {
    pauseReading(): void;
    resumeReading(): void;
}
/**
 * The receiving side of a stream. Every read gives a future that has begun; only one may wait at a
 * time. Cancelling a read loses nothing: the bytes are there for the next one.
 *
 * @example
 * const [reader, writer] = yield* openConnection('127.0.0.1', 8888);
 * writer.write('GET / HTTP/1.0\r\n\r\n');
 * const status = yield* reader.readline();
 * const body = yield* reader.read(); // up to the end
 */
export declare class StreamReader {
    #private;
    readonly loop: AbstractEventLoop;
    readonly limit: number;
    /** @param options - the limit in bytes, or `limit` and `loop` */
    constructor(options?: number | StreamReaderOptions);
    /**
     * Reads at least one byte and at most `count`; by default, or below 0, everything up to the end.
     * Gives an empty Buffer at the end of the stream.
     * @throws RuntimeError when another read is waiting
     */
    read(count?: number): Future<Buffer>;
    /**
     * Reads exactly `count` bytes; the limit does not matter.
     * @throws IncompleteReadError with `partial` when the stream ends before
     */
    readexactly(count: number): Future<Buffer>;
    /**
     * Reads a line with its `\n`; at the end of the stream what is left, empty when nothing is.
     * @throws LimitOverrunError when the line is longer than the limit; the bytes stay where they
     * are, `consumed` of them can be read by other means
     */
    readline(): Future<Buffer>;
    /**
     * Reads up to and with a separator, or the one of several whose match ends first.
     * @throws LimitOverrunError as {@link readline}
     * @throws IncompleteReadError with `partial` when the stream ends before
     */
    readuntil(separator?: Separator | readonly Separator[]): Future<Buffer>;
    /** Whether the stream has ended and everything was read. */
    atEof(): boolean;
    /** The error that ended the stream, or null. */
    exception(): unknown;
    /** Line by line: `for await (const line of reader)`. Ends at the end of the stream. */
    [Symbol.asyncIterator](): AsyncIterableIterator<Buffer, undefined>;
    /** Says which transport to pause while more than twice the limit is buffered. */
    setTransport(transport: PausableTransport): void;
    /** Adds received bytes; the reader owns them from now on. */
    feedData(data: Uint8Array): void;
    /** Says that nothing more will come. */
    feedEof(): void;
    /** Fails the read that waits and every later one. */
    setException(error: unknown): void;
    toString(): string;
}
