import type { Future } from '../../core/future/future.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import type { ClientResponse } from './response.ts';
import type { IncomingBody } from '../message/incoming-body.ts';
/** Where the pieces of a response come from. */
export interface PieceSource {
    raw: IncomingBody;
    /** The next piece of a packed body, unpacked; null of a body that is not packed. */
    unpacked: (() => Future<Uint8Array | null>) | null;
}
/**
 * The body of a response, piece by piece, unpacked. It is read once: either as a whole (`text()`,
 * `json()`, `bytes()` of the response) or in pieces, with `read()` in both lanes or `for await`.
 *
 * @example
 * for (let piece; (piece = yield* response.body.read()) !== null;) size += piece.length;
 * for await (const piece of response.body) size += piece.length;
 */
export declare class ResponseBody {
    #private;
    /** Made by the response only. */
    constructor(response: ClientResponse, source: PieceSource);
    /** Whether reading has begun. */
    get used(): boolean;
    /** Whether the last byte has arrived. */
    get complete(): boolean;
    /** Bytes that have arrived so far, packed as they are, without framing. */
    get received(): number;
    /**
     * The next piece, or null after the last one. The bytes are the caller's own.
     * A cancelled read loses nothing.
     * @throws TypeError when the body is being read as a whole, or by another reader at once;
     * (awaited) ClientPayloadError when it is broken or unpacks to too much, ServerTimeoutError,
     * AbortError, also when `signal` aborts, by which nothing is lost
     */
    read(options?: SignalOptions): Future<Uint8Array | null>;
    /** Leaving the loop early gives the rest up, as `release()` of the response does. */
    [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array>;
    toString(): string;
}
