/**
 * permessage-deflate (RFC 7692), on Node's zlib. Messages are packed and unpacked at once, on the
 * thread: handing one of a few KiB over to another thread costs more than the work, and their order
 * stays what it is. What unpacks to more than a message may have is refused on the way.
 */
import type { DeflateRaw, InflateRaw } from 'node:zlib';
/** What both sides have agreed on. */
export interface DeflateTerms {
    /** What we have packed before is a dictionary for what we pack. */
    readonly ownTakeover: boolean;
    /** The same of what the peer packs. */
    readonly peerTakeover: boolean;
    /** Base two logarithm of the window that we may pack with: 9 to 15. */
    readonly windowBits: number;
}
/** The two coders that all connections of a kind share which keep no context. */
export declare class SharedCoders {
    deflate: Map<number, DeflateRaw>;
    inflate: InflateRaw | null;
}
export declare class Deflate {
    #private;
    readonly terms: DeflateTerms;
    /** @param most - bytes that a message may unpack to */
    constructor(terms: DeflateTerms, shared: SharedCoders, level: number | undefined, most: number);
    pack(bytes: Uint8Array): Buffer;
    /** Something was sent that was packed elsewhere: what was packed before is no dictionary now. */
    forget(): void;
    /** @throws TooLargeUnpacked; Error of zlib for what is not packed */
    unpack(bytes: Uint8Array): Buffer;
    close(): void;
}
