import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { type Future } from '../core/future/future.ts';
import { type SignalOptions } from '../tasks/abort.ts';
import { Lines, type LinesOptions } from './lines.ts';
import { type Separator } from './separators.ts';
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
export declare class StreamReader {
    #private;
    readonly loop: AbstractEventLoop;
    readonly limit: number;
    /** @param options - the limit in bytes, or `limit` and `loop` */
    constructor(options?: number | StreamReaderOptions);
    /**
     * Reads at least one and at most `count` bytes; by default, or with a negative count, everything
     * up to the end. Returns an empty Buffer at the end of the stream. Cancel-safe, also with
     * `signal`: the bytes remain for the next read.
     * @throws RuntimeError when another read is waiting; AbortError when `signal` aborts
     */
    read(count?: number, options?: SignalOptions): Future<Buffer>;
    /**
     * Reads exactly `count` bytes, which may exceed the limit. Cancel-safe, as {@link read}.
     * @throws IncompleteReadError with `partial` when the stream ends earlier; as {@link read}
     */
    readexactly(count: number, options?: SignalOptions): Future<Buffer>;
    /**
     * Reads a line with its `\n`; at the end of the stream what is left, possibly nothing.
     * Cancel-safe, as {@link read}.
     * @throws LimitOverrunError when the line is longer than the limit; the bytes stay in the reader,
     * and `consumed` of them can be read with other methods; as {@link read}
     */
    readline(options?: SignalOptions): Future<Buffer>;
    /**
     * Reads up to and including a separator; with several, the one whose match ends first.
     * Cancel-safe, as {@link read}.
     * @throws LimitOverrunError as {@link readline}
     * @throws IncompleteReadError with `partial` when the stream ends before; as {@link read}
     */
    readuntil(separator?: Separator | readonly Separator[], options?: SignalOptions): Future<Buffer>;
    /**
     * The lines as strings, without `\n` or `\r\n`, up to the end of the stream:
     * `for await (const line of reader.lines())`, or `forEach(reader.lines(), …)`. Leaving the loop
     * early, or a cancel, leaves the rest in the reader.
     * @throws from a step, what {@link readline} throws
     */
    lines(options?: LinesOptions): Lines;
    /** Whether the stream has ended and everything was read. */
    atEof(): boolean;
    /** The error that ended the stream, or null. */
    exception(): unknown;
    /** Iterates over lines up to the end of the stream: `for await (const line of reader)`. */
    [Symbol.asyncIterator](): AsyncIterableIterator<Buffer, undefined>;
    /** Sets the transport to pause while more than twice the limit is buffered. */
    setTransport(transport: PausableTransport): void;
    /** Adds received bytes, which must not be changed afterwards. */
    feedData(data: Uint8Array): void;
    /** Marks the end of the stream. */
    feedEof(): void;
    /** Fails the waiting read and every later one. */
    setException(error: unknown): void;
    toString(): string;
}
