import type { ChunkHolder, MessageHead } from '../message/head-chunk.ts';
import { HeadChunk } from '../message/head-chunk.ts';
import type { BodySource } from '../message/incoming-body.ts';
import { IncomingBody } from '../message/incoming-body.ts';
import { ReceivedHeaders } from '../message/received-headers.ts';
/**
 * The head of a response where it was received, and what came of the body that follows it. Most
 * answers are small and come as a whole: then their bytes are read from where they were received,
 * and nothing is made for a body that could arrive in pieces.
 */
export declare class ResponseHead implements ChunkHolder {
    #private;
    /** Where it stands, and its record there. */
    chunk: MessageHead;
    record: number;
    /** The lines of the fields behind the body. */
    trailers: string;
    constructor(source: BodySource, chunk: HeadChunk, record: number, expected: number);
    /** Its fields, wherever they stand. */
    get headers(): ReceivedHeaders;
    /** The body for readers that do not take it all at once. */
    get body(): IncomingBody;
    /** Whether the last byte has arrived, or no more will. */
    get complete(): boolean;
    /** Whether reading the body has begun. */
    get used(): boolean;
    /** Whether nobody gets what comes from now on. */
    get dropped(): boolean;
    /** Bytes of the body that have arrived. */
    get received(): number;
    /** The body, if it is being received into its own memory. */
    get direct(): IncomingBody | null;
    /** Whether all of the body stands in one place; see `whole` and `text`. */
    get isWhole(): boolean;
    /** All bytes of a body that is whole; they are in a receive chunk still. */
    whole(): Uint8Array;
    /** The text of a body that is whole and UTF-8. */
    text(): string;
}
