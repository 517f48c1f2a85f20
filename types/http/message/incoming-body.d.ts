import type { ReadableStream, ReadableStreamBYOBReader, ReadableStreamDefaultReader, ReadableWritablePair, StreamPipeOptions, WritableStream } from 'node:stream/web';
import type { Future } from '../../core/future/future.ts';
import type { ChunkHolder } from './head-chunk.ts';
/** The connection that a body arrives on, which can be paused. */
export interface BodySource {
}
/**
 * The body of a received message. It is read once: either as a whole (`text()`, `json()`, `bytes()`
 * of its message) or in pieces, with `read()` in both lanes or `for await`.
 *
 * @example
 * for (let piece; (piece = yield* request.body.read()) !== null;) size += piece.length;
 * for await (const piece of request.body) size += piece.length;
 */
export declare class IncomingBody implements ChunkHolder {
    #private;
    /** Bytes that have arrived so far, as sent over the wire, without framing. */
    received: number;
    /** The lines of the trailers. */
    trailers: string;
    /** @param expected - size of the body in bytes, if the sender declared it */
    constructor(source: BodySource, expected?: number);
    /** Whether reading has begun, or is no longer possible. */
    get used(): boolean;
    /** Whether the last byte has arrived. */
    get complete(): boolean;
    /** Whether neither this body nor its twin has a reader for what is still to come. */
    get dropped(): boolean;
    /**
     * The next piece, or null after the last one. The caller may keep and change the bytes.
     * Cancel-safe: a cancelled read loses nothing.
     * @throws TypeError when the body is being read as a whole, or by another reader; (awaited) the
     *   error that ended it
     */
    read(): Future<Uint8Array | null>;
    [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array>;
    /**
     * Whether a reader or a pipe holds the stream. This and the following members are those of a
     * ReadableStream, for code written for one.
     */
    get locked(): boolean;
    /** As in ReadableStream. */
    getReader(): ReadableStreamDefaultReader<Uint8Array>;
    getReader(options: {
        mode: 'byob';
    }): ReadableStreamBYOBReader;
    /** As in ReadableStream. */
    pipeThrough<T>(transform: ReadableWritablePair<T, Uint8Array>, options?: StreamPipeOptions): ReadableStream<T>;
    /** As in ReadableStream. */
    pipeTo(destination: WritableStream<Uint8Array>, options?: StreamPipeOptions): Promise<void>;
    /** As in ReadableStream. */
    tee(): [ReadableStream<Uint8Array>, ReadableStream<Uint8Array>];
    /** As in ReadableStream: discards the rest. */
    cancel(reason?: unknown): Promise<void>;
    toString(): string;
}
