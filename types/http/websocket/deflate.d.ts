/**
 * permessage-deflate (RFC 7692), with Node's zlib. Messages are compressed and decompressed
 * synchronously: passing one of a few KiB to another thread costs more than the work, and this way
 * they stay in order. Decompressing stops when the output exceeds the limit for a message.
 */
import type { DeflateRaw, InflateRaw } from 'node:zlib';
/** The negotiated parameters. */
export interface DeflateTerms {
    /** Whether our compressor keeps earlier messages as its dictionary (context takeover). */
    readonly ownTakeover: boolean;
    /** Whether the peer's compressor does. */
    readonly peerTakeover: boolean;
    /** Base-two logarithm of our compressor's window: 9 to 15. */
    readonly windowBits: number;
}
/** Coders without context takeover, which connections share. */
export declare class SharedCoders {
    /** By {@link kindOf}. */
    deflate: Map<number, DeflateRaw>;
    inflate: InflateRaw | null;
}
export declare class Deflate {
    #private;
    readonly terms: DeflateTerms;
    /** @param most - largest decompressed message in bytes */
    constructor(terms: DeflateTerms, shared: SharedCoders, level: number | undefined, most: number);
    pack(bytes: Uint8Array): Buffer;
    /**
     * A message was sent that another compressor made: earlier messages are not a valid dictionary.
     */
    forget(): void;
    /** @throws TooLargeUnpacked; zlib's Error for invalid data */
    unpack(bytes: Uint8Array): Buffer;
    close(): void;
}
