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
 * A request as `serve` hands it to the handler. Everything is decoded when it is asked for, from
 * the bytes as they came in.
 *
 * @example
 * serve({ *fetch(request) {
 *   if (request.method !== 'POST') return new Response('hello');
 *   const order = yield* request.json();
 *   return Response.json({ accepted: order.length });
 * } });
 */
export declare class Request<Params = Readonly<Record<string, string>>> implements ChunkHolder {
    #private;
    /** Made by the server only. */
    constructor(connection: ServerConnection, chunk: MessageHead, record: number);
    /** `GET`, `POST`, … as it was sent. */
    get method(): string;
    /** The request target as it was sent, not decoded: `/search?q=1`. */
    get target(): string;
    /**
     * The target up to the query, not decoded: `/search`.
     * @throws HttpError 400 when the target is not a valid absolute URL
     */
    get path(): string;
    /** The absolute URL, of the Host header and the target. */
    get url(): string;
    /** The query of the target, decoded; a new object each time. */
    get query(): URLSearchParams;
    /**
     * The parameters of the route's path, decoded: `{ id: '7' }` for `/users/:id`. A slash that was
     * sent as `%2F` is one here, and a value may be `..`: it is no name of a file yet.
     */
    get params(): Params;
    /**
     * What was set for this request, else for the server, else the key's default.
     * @throws ReferenceError when there is neither
     */
    get<T>(key: ContextKey<T>): T;
    /** Whether something was set, for this request or for the server. */
    has<T>(key: ContextKey<T>): boolean;
    /** Keeps a value for whatever handles this request after this. */
    set<T>(key: ContextKey<T>, value: T): void;
    /**
     * The callback may change the response just before it is sent, whatever made it: a handler, an
     * error, a 404. Callbacks are called in the reverse of the order in which they came.
     */
    onResponse(callback: ResponseHook): void;
    /**
     * The cookies, decoded, as an object without a prototype: of two of one name the first. A new
     * object each time.
     */
    get cookies(): Record<string, string>;
    get headers(): ReadonlyHeaders;
    /**
     * The fields behind a body in chunks; none before it was read to its end. Those are left out that
     * would say how the message is framed, routed or read, for which it is too late. A new object
     * each time.
     * @example const text = yield* request.text(), sum = request.trailers.get('x-sum');
     */
    get trailers(): Headers;
    /** '1.1' or '1.0'. */
    get httpVersion(): string;
    /**
     * Address of the other end, or null when the connection is gone; of a proxy also where that
     * speaks the PROXY protocol.
     */
    get remoteAddress(): string | null;
    /**
     * Address of the client: of the other end, or, where `serve` was given `trustedProxies` and they
     * name one, by a field or by the PROXY protocol, of the client for which they ask. Null when the
     * connection is gone, '' of a Unix socket.
     */
    get ip(): string | null;
    /** What the client makes its answer depend on (If-Match, …); a new object each time. */
    get conditions(): Conditions;
    /**
     * The parts of something of `size` bytes that the client asks for (Range), as places of their
     * first and last bytes; [] when it has none of them, which is a 416; null when it asks for all,
     * or in a way that has no meaning. Whether `conditions.ifRange` holds is another question.
     */
    ranges(size: number): readonly ByteRange[] | null;
    /**
     * The one of the media types that the client would like best (Accept), or null when it takes none
     * of them.
     * @example request.accepts('text/html', 'application/json') === 'text/html'
     */
    accepts(...types: string[]): string | null;
    /** The same of content codings (Accept-Encoding): of equal ones the first given. */
    acceptsEncodings(...codings: string[]): string | null;
    /** The same of languages (Accept-Language). */
    acceptsLanguages(...languages: string[]): string | null;
    /** The body in pieces; empty when the request has none. */
    get body(): IncomingBody;
    get bodyUsed(): boolean;
    /**
     * The whole body as text (UTF-8).
     * @throws HttpError 413 when it is larger than `maxBodySize`; an Error of code ECONNRESET when
     * the client went away; TypeError when the body was read before
     */
    text(): Future<string>;
    /**
     * The whole body as JSON.
     * @throws SyntaxError when it is not JSON, which answers the request with 400 unless the handler
     * catches it; see `text` for the rest
     */
    json<T = any>(): Future<T>;
    /** The whole body. Fails as `text` does. */
    bytes(): Future<Uint8Array>;
    /** The whole body, in a buffer of its own. Fails as `text` does. */
    arrayBuffer(): Future<ArrayBuffer>;
    /** The whole body, with the request's Content-Type as its type. Fails as `text` does. */
    blob(): Future<Blob>;
    /**
     * The fields and files of a form, urlencoded or multipart. Files that are large are written to
     * disk while they come in (see UploadedFile), and removed when the request is over. A multipart
     * body is taken apart with streams of Node, so not in a loop that owns its thread.
     *
     * @param options - bounds; see FormOptions
     * @throws HttpError 415 when the body is no form, 400 when it is broken, 413 when it goes beyond
     * a bound; see `text` for the rest
     */
    formData(options?: FormOptions): Future<FormData>;
    /**
     * Another request of the same head and body, as WHATWG's: both bodies can be read, and what the
     * slower one has not taken is kept, up to `maxBodySize`.
     * @throws TypeError when the body is being read or was
     */
    clone(): Request;
    /**
     * Sends a 103 with what the browser may begin to load while the answer is made; the answer should
     * have the fields, too.
     *
     * @returns false when nothing was sent: the answer is on its way, or the client speaks HTTP/1.0
     * @throws TypeError for a field that breaks a head
     * @example request.sendEarlyHints({ link: '</style.css>; rel=preload; as=style' })
     */
    sendEarlyHints(fields: HeadersInit | ReadonlyHeaders): boolean;
    /** Aborts when the client goes away before it has its answer. */
    get signal(): AbortSignal;
    toString(): string;
}
