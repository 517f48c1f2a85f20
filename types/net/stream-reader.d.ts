import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { type Future } from '../core/future/future.ts';
import { type SignalOptions } from '../tasks/abort.ts';
import { Lines, type LinesOptions } from './lines.ts';
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
     * Gives an empty Buffer at the end of the stream. Cancelling is safe: the bytes are there for the
     * next read; so is `signal`.
     * @throws RuntimeError when another read is waiting; AbortError when `signal` aborts
     */
    read(count?: number, options?: SignalOptions): Future<Buffer>;
    /**
     * Reads exactly `count` bytes; the limit does not matter. Cancelling is safe, as of {@link read}.
     * @throws IncompleteReadError with `partial` when the stream ends before; as {@link read}
     */
    readexactly(count: number, options?: SignalOptions): Future<Buffer>;
    /**
     * Reads a line with its `\n`; at the end of the stream what is left, empty when nothing is.
     * Cancelling is safe, as of {@link read}.
     * @throws LimitOverrunError when the line is longer than the limit; the bytes stay where they
     * are, `consumed` of them can be read by other means; as {@link read}
     */
    readline(options?: SignalOptions): Future<Buffer>;
    /**
     * Reads up to and with a separator, or the one of several whose match ends first. Cancelling is
     * safe, as of {@link read}.
     * @throws LimitOverrunError as {@link readline}
     * @throws IncompleteReadError with `partial` when the stream ends before; as {@link read}
     */
    readuntil(separator?: Separator | readonly Separator[], options?: SignalOptions): Future<Buffer>;
    /**
     * The lines as texts, without their `\n` or `\r\n`, up to the end of the stream:
     * `for await (const line of reader.lines())`, or `forEach(reader.lines(), …)`. Leaving it early
     * leaves the rest in the reader, and so does a cancel.
     * @throws from a step, what {@link readline} throws
     */
    lines(options?: LinesOptions): Lines;
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
