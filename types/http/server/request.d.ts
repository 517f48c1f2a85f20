import type { Future } from '../../core/future/future.ts';
import type { Conditions } from '../message/conditions.ts';
import type { FormOptions } from '../message/form-limits.ts';
import type { ChunkHolder, MessageHead } from '../message/head-chunk.ts';
import { Headers } from '../message/headers.ts';
import type { HeadersInit, ReadonlyHeaders } from '../message/headers.ts';
import { IncomingBody } from '../message/incoming-body.ts';
import type { ByteRange } from '../message/ranges.ts';
import type { ContextKey } from './context-key.ts';
import type { ResponseHook } from './request-extras.ts';
import type { ServerConnection } from './server-connection.ts';
/**
 * A request, as passed to the handler by `serve`. Everything is decoded on demand from the received
 * bytes.
 * @example
 * serve({ *fetch(request) {
 *   if (request.method !== 'POST') return new Response('hello');
 *   const order = yield* request.json();
 *   return Response.json({ accepted: order.length });
 * } });
 */
export declare class Request<Params = Readonly<Record<string, string>>> implements ChunkHolder {
    #private;
    /** Constructed only by the server. */
    constructor(connection: ServerConnection, chunk: MessageHead, record: number);
    /** The method as it was sent: `GET`, `POST`, … */
    get method(): string;
    /** The request target as it was sent, not decoded: `/search?q=1`. */
    get target(): string;
    /**
     * The path of the target, without the query and not decoded: `/search`.
     * @throws HttpError 400 when the target is not a valid absolute URL
     */
    get path(): string;
    /**
     * The absolute URL, made of scheme, Host header and target; scheme and host as reported by a
     * trusted proxy (`trustedProxies`).
     */
    get url(): string;
    /** The decoded query of the target; a new object each time. */
    get query(): URLSearchParams;
    /**
     * The decoded parameters of the route's path: `{ id: '7' }` for `/users/:id`. A `%2F` is decoded
     * to a slash, and a value may be `..`, so it is not safe to use as a file name.
     */
    get params(): Params;
    /**
     * The value set for this request, else for the server, else the key's default.
     * @throws ReferenceError when there is none of these; TypeError when `key` is not a ContextKey
     */
    get<T>(key: ContextKey<T>): T;
    /** Whether a value was set, for this request or for the server. */
    has<T>(key: ContextKey<T>): boolean;
    /** Sets a value for the middleware and handlers that get this request. */
    set<T>(key: ContextKey<T>, value: T): void;
    /**
     * Calls `callback` with the response just before it is sent, whatever made it: a handler, an
     * error, a 404. The callback may change it. Callbacks are called in reverse order of
     * registration. @throws TypeError when it is not a function
     */
    onResponse(callback: ResponseHook): void;
    /**
     * The decoded cookies, as an object without a prototype; the first one of the same name counts. A
     * new object each time.
     */
    get cookies(): Record<string, string>;
    /** The header fields, which cannot be changed. */
    get headers(): ReadonlyHeaders;
    /**
     * The trailers of a chunked body; empty before the body was read to its end. Fields for framing,
     * routing or interpretation are left out, as they come too late. A new object each time.
     * @example const text = yield* request.text(), sum = request.trailers.get('x-sum');
     */
    get trailers(): Headers;
    /** '1.1' or '1.0'. */
    get httpVersion(): string;
    /**
     * The address of the other end of the connection (a proxy's, if there is one); '' for a Unix
     * socket, null when the connection is closed.
     */
    get remoteAddress(): string | null;
    /**
     * The address of the client: that reported by trusted proxies (`trustedProxies`) in a header
     * field or by the PROXY protocol, otherwise `remoteAddress`. '' for a Unix socket, null when the
     * connection is closed.
     */
    get ip(): string | null;
    /** The conditions of the request (If-Match, …); a new object each time. */
    get conditions(): Conditions;
    /**
     * The requested ranges (Range) of something that has `size` bytes, as positions of the first and
     * last byte. [] when no range can be satisfied, which calls for a 416; null when the whole is
     * requested, or the field is invalid. It does not check `conditions.ifRange`.
     * @throws TypeError or RangeError when `size` is not a non-negative integer
     */
    ranges(size: number): readonly ByteRange[] | null;
    /**
     * The media type that the client prefers (Accept), or null when it accepts none of them.
     * @example request.accepts('text/html', 'application/json') === 'text/html'
     */
    accepts(...types: string[]): string | null;
    /** The same for content codings (Accept-Encoding): of equally preferred ones the first given. */
    acceptsEncodings(...codings: string[]): string | null;
    /** The same for languages (Accept-Language). */
    acceptsLanguages(...languages: string[]): string | null;
    /** The body as a stream; empty when the request has none. */
    get body(): IncomingBody;
    /** Whether the body was read, or is being read. */
    get bodyUsed(): boolean;
    /**
     * The whole body as text (UTF-8). Cancelling the wait discards the body, which cannot be read
     * again.
     * @throws HttpError 413 when it is larger than `maxBodySize`, 408 when it is too slow; an Error
     * with code ECONNRESET when the client went away; TypeError when the body was already read
     */
    text(): Future<string>;
    /**
     * The whole body, parsed as JSON.
     * @throws SyntaxError when it is not JSON; unless the handler catches it, the client gets a 400.
     * Otherwise as `text`
     */
    json<T = any>(): Future<T>;
    /** The whole body as bytes. @throws as `text` */
    bytes(): Future<Uint8Array>;
    /** The whole body as an ArrayBuffer of its own. @throws as `text` */
    arrayBuffer(): Future<ArrayBuffer>;
    /** The whole body as a Blob with the request's Content-Type. @throws as `text` */
    blob(): Future<Blob>;
    /**
     * The fields and files of a form, urlencoded or multipart. Large files are written to disk while
     * they are received (see UploadedFile), and removed when the request is over. A multipart body is
     * parsed with Node's streams, which do not work in a loop that owns its thread (`runSync`).
     *
     * @param options - limits; see FormOptions
     * @throws HttpError 415 when the body is not a form, 400 when it is malformed, 413 when it
     * exceeds a limit; otherwise as `text`
     */
    formData(options?: FormOptions): Future<FormData>;
    /**
     * A copy of the request with the same head and body, as WHATWG's `clone`: both bodies can be
     * read. What only one of them has read is buffered for the other, up to `maxBodySize`. The copy
     * has the same `params` and values; what is `set` later on one of them is not seen by the other.
     * The response remains that of the original, and so do `onResponse` and `sendEarlyHints`.
     * @throws TypeError when the body is being read or was read
     */
    clone(): Request<Params>;
    /**
     * Sends a 103 (Early Hints), so that the browser can load resources while the response is made;
     * the response should have these fields, too.
     *
     * @returns false when nothing was sent, because the response has begun or the client uses
     * HTTP/1.0
     * @throws TypeError for an invalid field
     * @example request.sendEarlyHints({ link: '</style.css>; rel=preload; as=style' })
     */
    sendEarlyHints(fields: HeadersInit | ReadonlyHeaders): boolean;
    /**
     * Aborts when the client closes the connection, or its side of it, before the response was sent;
     * and when the `timeout` of the server is over.
     */
    get signal(): AbortSignal;
    toString(): string;
}
