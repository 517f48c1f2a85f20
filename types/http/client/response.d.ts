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
/** What `text()` of a response takes. */
export interface TextOptions extends SignalOptions {
    /** By default the charset of Content-Type, else UTF-8. */
    encoding?: string;
}
/** What `json()` of a response takes. */
export interface JsonOptions extends SignalOptions {
    /** Takes any content type. */
    contentType?: null;
}
/**
 * The answer to a request: the head is there, the body may still be on its way. Read it to its
 * end, or `release()` it, so that the connection is free for the next request.
 *
 * @example
 * const response = yield* session.get('http://localhost:8080/');
 * response.raiseForStatus();
 * const text = yield* response.text();
 */
export declare class ClientResponse {
    #private;
    readonly method: string;
    /** The URL that answered, after redirections. */
    readonly url: string;
    readonly status: number;
    /**
     * The headers of the body as it is read: where it is unpacked, `content-encoding` and
     * `content-length`, which tell of the packed one, are left out. `autoDecompress: false` gives
     * both as they came.
     */
    readonly headers: ReadonlyHeaders;
    /** The redirections that led here, oldest first. */
    readonly history: readonly ClientResponse[];
    /** Made by the session only. */
    constructor(connection: ClientConnection, head: ResponseHead, method: string, url: string, history: readonly ClientResponse[], decompress: boolean, maxDecoded: number);
    /** The reason phrase that the server sent. */
    get reason(): string;
    /**
     * The fields behind a body in chunks; none before it was read to its end. Those are left out that
     * would say how the message is framed, routed or read, for which it is too late. A new object
     * each time.
     */
    get trailers(): Headers;
    /** The same by fetch's name. */
    get statusText(): string;
    /** Whether a redirection led here. */
    get redirected(): boolean;
    /** Whether the status is below 400. */
    get ok(): boolean;
    /** The media type without parameters, in lower case; '' when there is none. */
    get contentType(): string;
    /** The cookies that this response sets, by name; those of the session are in its jar. */
    get cookies(): Map<string, string>;
    /** What the `Link` headers say, by relation: `response.links.get('next')?.url`. */
    get links(): Map<string, ResponseLink>;
    /** How the body is meant to be presented, and under which name; null when nothing is said. */
    get contentDisposition(): ContentDisposition | null;
    /** The body in pieces: `read()` in both lanes, or `for await`. */
    get body(): ResponseBody;
    /** Whether reading the body has begun. */
    get bodyUsed(): boolean;
    /**
     * The whole body; it may be asked for again. Leaving, by a cancel or by `signal`, leaves
     * the rest of the body too: it is released.
     * @throws ClientPayloadError when it is broken or too large; ServerTimeoutError; AbortError when
     * `signal` aborts
     */
    bytes(options?: SignalOptions): Future<Uint8Array>;
    /** The whole body in memory of its own. @throws as `bytes` */
    arrayBuffer(options?: SignalOptions): Future<ArrayBuffer>;
    /** The whole body with its content type. @throws as `bytes` */
    blob(options?: SignalOptions): Future<Blob>;
    /** The same as `bytes`, by aiohttp's name. */
    read(options?: SignalOptions): Future<Uint8Array>;
    /**
     * The whole body as text.
     * @param encoding - by default the charset of Content-Type, else UTF-8; or options with it
     * @throws RangeError for an encoding that is not known; else as `bytes`
     */
    text(encoding?: string | TextOptions, options?: SignalOptions): Future<string>;
    /**
     * The whole body as JSON.
     * @param options - `contentType: null` takes any content type
     * @throws ContentTypeError when the server does not say that it is JSON; SyntaxError; else as
     * `bytes`
     */
    json<T = any>(options?: JsonOptions): Future<T>;
    /**
     * The lines of the body, one after the other: `read()` in both lanes, or `for await`.
     * @throws TypeError, RangeError for a wrong `limit`; TypeError when the body was read
     */
    readLines(options?: LinesOptions): ResponseLines;
    /**
     * The events of a `text/event-stream`, one after the other: `read()` in both lanes, or `for
     * await`. The request should have no limit on the total (`timeout: null`).
     * @throws ContentTypeError when it is not JSON; TypeError, RangeError for a wrong `limit`
     */
    sse(options?: LinesOptions): EventStream;
    /** @throws ClientResponseError when the status is 400 or more; the response is released then */
    raiseForStatus(): this;
    /** The body is not wanted. The connection is kept when little of it is left. */
    release(): void;
    /** The body is not wanted, and the connection is dropped when anything of it is left. */
    close(): void;
    [Symbol.dispose](): void;
    toString(): string;
}
