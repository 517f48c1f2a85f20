import type { ChunkHolder, MessageHead } from '../message/head-chunk.ts';
import { HeadChunk } from '../message/head-chunk.ts';
import type { BodySource } from '../message/incoming-body.ts';
import { IncomingBody } from '../message/incoming-body.ts';
import { ReceivedHeaders } from '../message/received-headers.ts';
/**
 * The head of a response in its receive chunk, and the body as far as it has arrived. Most
 * responses are small and arrive complete: then the bytes are read from the chunk, and the
 * machinery for a body in pieces is not created.
 */
export declare class ResponseHead implements ChunkHolder {
    #private;
    /** The chunk, or copy, that holds the head, and the position of its record. */
    chunk: MessageHead;
    record: number;
    /** The lines of the trailers. */
    trailers: string;
    constructor(source: BodySource, chunk: HeadChunk, record: number, expected: number);
    /** The header fields, in the chunk or its copy. */
    get headers(): ReceivedHeaders;
    /** The body as a stream of pieces, for readers that do not take it whole. */
    get body(): IncomingBody;
    /** Whether the last byte has arrived, or no more will. */
    get complete(): boolean;
    /** Whether reading the body has begun. */
    get used(): boolean;
    /** Whether its reader has given up. */
    get dropped(): boolean;
    /** Bytes of the body that were received. */
    get received(): number;
    /** The body, if it is being received into its own memory; else null. */
    get direct(): IncomingBody | null;
    /** Whether the complete body is one piece in a chunk; see `whole` and `text`. */
    get isWhole(): boolean;
    /** The bytes of a body that `isWhole`; still in the receive chunk. */
    whole(): Uint8Array;
    /** The text of a body that `isWhole` and is UTF-8. */
    text(): string;
}
