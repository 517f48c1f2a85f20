import type { Duration } from '../../core/support/duration.ts';
import type { CookieOptions, DeleteCookieOptions } from '../message/cookies.ts';
import type { FileOptions } from '../message/file-body.ts';
import { Headers } from '../message/headers.ts';
import type { HeadersInit, ReadonlyHeaders } from '../message/headers.ts';
import type { BodyInit } from '../message/outgoing-body.ts';
import type { TrailersInit } from '../message/trailers.ts';
import type { BodyWrite } from './body-writer.ts';
import type { EventSource } from './event-body.ts';
/** What a Response has beside its body. */
export interface ResponseInit {
    /** 200 unless said otherwise; 200 to 599. */
    status?: number;
    /** The reason phrase; the registered one unless said otherwise. */
    statusText?: string;
    headers?: HeadersInit | ReadonlyHeaders;
    /**
     * Fields that stand behind the body, or a function that gives them when the body is through: a
     * checksum of it, what went wrong in the middle. The body goes out in chunks; a client of
     * HTTP/1.0 gets none of them.
     */
    trailers?: TrailersInit;
}
/** What `Response.sse` takes besides. */
export interface SseOptions {
    headers?: HeadersInit | ReadonlyHeaders;
    /**
     * How long there may be nothing to send before a line of no meaning is sent, so that nobody on
     * the way takes the connection for dead; 15 s by default, null for none.
     */
    heartbeat?: Duration | null;
}
/** What `Response.file` takes: how the file is served, and what a response has. */
export interface FileResponseInit extends FileOptions {
    /** 200 unless said otherwise; only then are conditions and ranges heeded. */
    status?: number;
    headers?: HeadersInit | ReadonlyHeaders;
}
/**
 * What a handler answers: a status, headers and a body. It is a light version of the WHATWG class
 * of the same name (which `serve` takes too): nothing is made that is not asked for. A response
 * with a string, bytes or no body may be sent any number of times. Bytes are not copied: what a
 * slow client has not taken yet of more than 64 KiB is sent from where it stands, so it must not be
 * changed, and its buffer not be transferred, until then.
 *
 * @throws TypeError for a header that would break the head, or a body that cannot be sent
 * @throws RangeError for a status outside 200 to 599, or a body with a status that has none
 * @example
 * new Response('hello');
 * new Response(generateRows(), { headers: { 'content-type': 'text/csv' } });
 * Response.json({ ok: true }, { status: 201 });
 */
export declare class Response {
    readonly status: number;
    /** '' stands for the registered phrase. */
    readonly statusText: string;
    constructor(body?: BodyInit, init?: ResponseInit);
    /** A response with the value as JSON. */
    static json(value: unknown, init?: ResponseInit): Response;
    /** A redirection; 302 unless said otherwise. */
    static redirect(url: string | URL, status?: number): Response;
    /**
     * A file, which is looked at when the response goes out: 404 when it is not there, 403 when it
     * may not be read or is no regular file. Conditions and ranges of the request are heeded.
     *
     * @param path - never what a client has sent as it is: give that with a `root`, or use
     * `staticFiles`
     * @throws TypeError or RangeError for a wrong option
     * @example Response.file('report.pdf', { download: 'Report 2024.pdf' })
     */
    static file(path: string | URL, options?: FileResponseInit): Response;
    /**
     * A body that a coroutine writes, piece by piece, at the speed of the client. It begins when the
     * response goes out and is cancelled when the client goes away.
     *
     * @example
     * Response.stream(function* (writer) {
     *   for (const row of rows) yield* writer.write(`${row}\n`);
     * });
     */
    static stream(write: BodyWrite, init?: ResponseInit): Response;
    /**
     * Server-sent events, of a generator of either lane or anything else that iterates over events:
     * strings, which are their data, or objects of `data`, `event`, `id`, `retry`, `comment`. The
     * source is ended when the client goes away.
     *
     * @throws TypeError for anything but a source, or an option that does not exist
     * @example
     * Response.sse(function* () {
     *   for (let n = 0; ; n++) {
     *     yield { event: 'tick', data: { n } };
     *     yield* sleep(1);
     *   }
     * });
     */
    static sse(source: EventSource, options?: SseOptions): Response;
    /**
     * Sets a cookie in the browser: adds a Set-Cookie field. The value is percent-encoded.
     *
     * @returns the response itself
     * @throws TypeError or RangeError for what browsers would not take: a name that is not a token,
     * `sameSite: 'none'` without `secure`, a `__Host-` name with a domain, more than 4096 characters
     * @example response.setCookie('session', id, { httpOnly: true, sameSite: 'lax', maxAge: '8h' })
     */
    setCookie(name: string, value: string, options?: CookieOptions): this;
    /** Has the browser drop a cookie, which it knows by name, `path` and `domain`. */
    deleteCookie(name: string, options?: DeleteCookieOptions): this;
    /** The headers, which may still be changed. */
    get headers(): Headers;
    get ok(): boolean;
    toString(): string;
}
