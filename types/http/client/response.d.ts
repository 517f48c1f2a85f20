import type { Future } from '../../core/future/future.ts';
import type { ClientConnection } from './connection.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import { EventStream } from './event-stream.ts';
import type { ReadonlyHeaders } from '../message/headers.ts';
import type { Headers } from '../message/headers.ts';
import { ResponseBody } from './response-body.ts';
import type { ContentDisposition, ResponseLink } from './response-fields.ts';
import type { ResponseHead } from './response-head.ts';
import type { LinesOptions } from './response-lines.ts';
import { ResponseLines } from './response-lines.ts';
/** Options of `text()` of a response. */
export interface TextOptions extends SignalOptions {
    /** Default: the charset of Content-Type, else UTF-8. */
    encoding?: string;
}
/** Options of `json()` of a response. */
export interface JsonOptions extends SignalOptions {
    /** Null accepts any content type. */
    contentType?: null;
}
/**
 * The response to a request: the head has arrived, the body may still be arriving. Read it to the
 * end, or `release()` it, to free the connection for the next request.
 *
 * @example
 * const response = yield* session.get('http://localhost:8080/');
 * response.raiseForStatus();
 * const text = yield* response.text();
 */
export declare class ClientResponse {
    #private;
    /** The method of the last request, which a redirect may have changed to GET. */
    readonly method: string;
    /** The URL that answered, after redirects. */
    readonly url: string;
    /** The status code. */
    readonly status: number;
    /**
     * The headers that fit the body as it is read: if it is decoded, `content-encoding` and
     * `content-length`, which describe the encoded body, are left out. With `autoDecompress: false`
     * body and headers are as received.
     */
    readonly headers: ReadonlyHeaders;
    /** The redirects that led here, oldest first. */
    readonly history: readonly ClientResponse[];
    /** Created by the session only. */
    constructor(connection: ClientConnection, head: ResponseHead, method: string, url: string, history: readonly ClientResponse[], decompress: boolean, maxDecoded: number);
    /** The reason phrase sent by the server. */
    get reason(): string;
    /**
     * The trailers of a chunked body; empty until it was read to its end. Fields for the framing,
     * routing or interpretation of a message, which come too late there, are left out. A new object
     * each time.
     */
    get trailers(): Headers;
    /** The same as `reason`, with fetch's name. */
    get statusText(): string;
    /** Whether a redirect led here. */
    get redirected(): boolean;
    /** Whether the status is below 400. */
    get ok(): boolean;
    /** The media type without parameters, in lower case; '' when there is none. */
    get contentType(): string;
    /** The cookies set by this response, by name; those of the session are in its jar. */
    get cookies(): Map<string, string>;
    /** The `Link` headers by relation: `response.links.get('next')?.url`. */
    get links(): Map<string, ResponseLink>;
    /**
     * How the body is meant to be presented, and the suggested file name; null without the header.
     */
    get contentDisposition(): ContentDisposition | null;
    /** The body in pieces: `read()` in both lanes, or `for await`. */
    get body(): ResponseBody;
    /** Whether reading the body has begun. */
    get bodyUsed(): boolean;
    /**
     * The whole body; it may be read again. When the wait is cancelled or `signal` aborts, the rest
     * of the body is released and lost.
     * @throws TypeError when it was read in pieces; (awaited) ClientPayloadError when it is invalid
     *   or too large; ServerTimeoutError; AbortError when `signal` aborts
     */
    bytes(options?: SignalOptions): Future<Uint8Array>;
    /** The whole body as a copy. @throws as `bytes` */
    arrayBuffer(options?: SignalOptions): Future<ArrayBuffer>;
    /** The whole body with its content type. @throws as `bytes` */
    blob(options?: SignalOptions): Future<Blob>;
    /** The same as `bytes`, with aiohttp's name. */
    read(options?: SignalOptions): Future<Uint8Array>;
    /**
     * The whole body as text.
     * @param encoding - default: the charset of Content-Type, else UTF-8; or options with it
     * @throws RangeError for an unknown encoding; otherwise as `bytes`
     */
    text(encoding?: string | TextOptions, options?: SignalOptions): Future<string>;
    /**
     * The whole body as JSON.
     * @param options - `contentType: null` accepts any content type
     * @throws ContentTypeError when Content-Type is not JSON; (awaited) SyntaxError; otherwise as
     *   `bytes`
     */
    json<T = any>(options?: JsonOptions): Future<T>;
    /**
     * The lines of the body, as they arrive. Read with `read()`, in both lanes, or with `for await`.
     * @throws TypeError, RangeError for an invalid `limit`; TypeError when the body was already read
     */
    readLines(options?: LinesOptions): ResponseLines;
    /**
     * The events of a `text/event-stream`, as they arrive. Read with `read()`, in both lanes, or with
     * `for await`. The request should have no total time limit (`timeout: null`).
     * @throws ContentTypeError when it is not `text/event-stream`; TypeError, RangeError for an
     *   invalid `limit`; TypeError when the body was already read
     */
    sse(options?: LinesOptions): EventStream;
    /** @throws ClientResponseError when the status is 400 or more, after releasing the response */
    raiseForStatus(): this;
    /** Discards the body. If little of it is left, the connection is kept for reuse. */
    release(): void;
    /** Discards the body, and drops the connection if any of the body is left. */
    close(): void;
    [Symbol.dispose](): void;
    toString(): string;
}
