import type { Future } from '../../core/future/future.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import type { ClientResponse } from './response.ts';
import type { IncomingBody } from '../message/incoming-body.ts';
/** The source of the pieces of a response. */
export interface PieceSource {
    raw: IncomingBody;
    /** Reads the next decoded piece of an encoded body; null when the body is not encoded. */
    unpacked: (() => Future<Uint8Array | null>) | null;
}
/**
 * The decoded body of a response. It is read once: either as a whole (`text()`, `json()`, `bytes()`
 * of the response) or in pieces, with `read()` in both lanes or `for await`.
 *
 * @example
 * for (let piece; (piece = yield* response.body.read()) !== null;) size += piece.length;
 * for await (const piece of response.body) size += piece.length;
 */
export declare class ResponseBody {
    #private;
    /** Created by the response only. */
    constructor(response: ClientResponse, source: PieceSource);
    /** Whether reading has begun. */
    get used(): boolean;
    /** Whether the last byte has arrived. */
    get complete(): boolean;
    /** Bytes of the body received so far, still encoded, without framing. */
    get received(): number;
    /**
     * The next piece, or null after the last one. The caller may keep and change the bytes.
     * Cancel-safe: a cancelled read loses nothing.
     * @throws TypeError when the body is being read as a whole, or by another reader; (awaited)
     *   ClientPayloadError when it is invalid or unpacks to too much; ServerTimeoutError; AbortError,
     *   also when `signal` of this read aborts, with nothing lost
     */
    read(options?: SignalOptions): Future<Uint8Array | null>;
    /** Leaving the loop early discards the rest, like `release()` of the response. */
    [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array>;
    toString(): string;
}
