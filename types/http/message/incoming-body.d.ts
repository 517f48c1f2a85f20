import type { ReadableStream, ReadableStreamBYOBReader, ReadableStreamDefaultReader, ReadableWritablePair, StreamPipeOptions, WritableStream } from 'node:stream/web';
import type { Future } from '../../core/future/future.ts';
import type { ChunkHolder } from './head-chunk.ts';
/** The sender of the body, which can be made to wait: a connection. */
export interface BodySource {
}
/**
 * The body of a received message, piece by piece. It is read once: either as a whole (`text()`,
 * `json()`, `bytes()` of its message) or in pieces, with `read()` in both lanes or `for await`.
 *
 * @example
 * for (let piece; (piece = yield* request.body.read()) !== null;) size += piece.length;
 * for await (const piece of request.body) size += piece.length;
 */
export declare class IncomingBody implements ChunkHolder {
    #private;
    /** Bytes that have arrived so far, as they came over the wire, without framing. */
    received: number;
    /** The lines of the fields behind it. */
    trailers: string;
    /** @param expected - bytes of the body, when its sender said so */
    constructor(source: BodySource, expected?: number);
    /** Whether reading has begun, or is not possible any more. */
    get used(): boolean;
    /** Whether the last byte has arrived. */
    get complete(): boolean;
    /** Whether nobody gets what comes from now on. */
    get dropped(): boolean;
    /**
     * The next piece, or null after the last one. The bytes are the caller's own.
     * A cancelled read loses nothing.
     * @throws TypeError when the body is being read as a whole, or by another reader at once
     */
    read(): Future<Uint8Array | null>;
    [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array>;
    /** The rest of this part is what a ReadableStream has, for who was written for one. */
    get locked(): boolean;
    /** As of ReadableStream. */
    getReader(): ReadableStreamDefaultReader<Uint8Array>;
    getReader(options: {
        mode: 'byob';
    }): ReadableStreamBYOBReader;
    /** As of ReadableStream. */
    pipeThrough<T>(transform: ReadableWritablePair<T, Uint8Array>, options?: StreamPipeOptions): ReadableStream<T>;
    /** As of ReadableStream. */
    pipeTo(destination: WritableStream<Uint8Array>, options?: StreamPipeOptions): Promise<void>;
    /** As of ReadableStream. */
    tee(): [ReadableStream<Uint8Array>, ReadableStream<Uint8Array>];
    /** As of ReadableStream: nobody wants the rest. */
    cancel(reason?: unknown): Promise<void>;
    toString(): string;
}
