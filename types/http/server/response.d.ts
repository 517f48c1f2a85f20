import type { Duration } from '../../core/support/duration.ts';
import type { CookieOptions, DeleteCookieOptions } from '../message/cookies.ts';
import type { FileOptions } from '../message/file-body.ts';
import { Headers } from '../message/headers.ts';
import type { HeadersInit, ReadonlyHeaders } from '../message/headers.ts';
import type { BodyInit } from '../message/outgoing-body.ts';
import type { TrailersInit } from '../message/trailers.ts';
import type { BodyWrite } from './body-writer.ts';
import type { EventSource } from './event-body.ts';
/** Options of a Response. */
export interface ResponseInit {
    /** The status, 200 to 599; 200 by default. */
    status?: number;
    /** The reason phrase; by default the registered one. */
    statusText?: string;
    headers?: HeadersInit | ReadonlyHeaders;
    /**
     * Trailers, or a function that returns them when the body was sent: a checksum, say, or an error
     * that occurred meanwhile. They make the body chunked; HTTP/1.0 clients do not get them.
     */
    trailers?: TrailersInit;
}
/** Options of `Response.sse`. */
export interface SseOptions {
    headers?: HeadersInit | ReadonlyHeaders;
    /**
     * After how long without an event a comment is sent, so that no proxy takes the connection for
     * dead; 15 s by default, null for never.
     */
    heartbeat?: Duration | null;
}
/** Options of `Response.file`: how the file is served, status and headers. */
export interface FileResponseInit extends FileOptions {
    /**
     * The status; 200 by default. With any other, conditions and ranges of the request are ignored.
     */
    status?: number;
    headers?: HeadersInit | ReadonlyHeaders;
}
/**
 * What a handler returns: a status, headers and a body. A light version of the WHATWG class of the
 * same name (which `serve` accepts too) that creates nothing before it is used. A response with a
 * string, bytes or no body may be sent any number of times. Bytes are not copied: of more than 64
 * KiB, what a slow client has not read yet is sent from the original buffer, which must not be
 * changed or transferred until then.
 *
 * @throws TypeError for an invalid header, or a body that cannot be sent
 * @throws RangeError for a status outside 200 to 599, or a body with a status that allows none
 * @example
 * new Response('hello');
 * new Response(generateRows(), { headers: { 'content-type': 'text/csv' } });
 * Response.json({ ok: true }, { status: 201 });
 */
export declare class Response {
    readonly status: number;
    /** The reason phrase; '' stands for the registered one. */
    readonly statusText: string;
    constructor(body?: BodyInit, init?: ResponseInit);
    /**
     * A response with the value as JSON and Content-Type `application/json`. @throws TypeError when
     * the value cannot be written as JSON; otherwise as the constructor
     */
    static json(value: unknown, init?: ResponseInit): Response;
    /**
     * A redirection; `status` is 302 by default. @throws RangeError unless it is 301, 302, 303, 307
     * or 308
     */
    static redirect(url: string | URL, status?: number): Response;
    /**
     * A file, which is opened when the response is sent: 404 when it does not exist, 403 when it
     * cannot be read or is not a regular file. Conditions and ranges of the request are honoured.
     *
     * @param path - must not come from a client unchecked: for such paths set `root`, or use
     * `staticFiles`
     * @throws TypeError or RangeError for an invalid option
     * @example Response.file('report.pdf', { download: 'Report 2024.pdf' })
     */
    static file(path: string | URL, options?: FileResponseInit): Response;
    /**
     * A body that a coroutine writes piece by piece, at the speed of the client. It is started when
     * the response is sent, and cancelled when the client goes away.
     *
     * @throws TypeError when `write` is not a function; otherwise as the constructor
     * @example
     * Response.stream(function* (writer) {
     *   for (const row of rows) yield* writer.write(`${row}\n`);
     * });
     */
    static stream(write: BodyWrite, init?: ResponseInit): Response;
    /**
     * Server-sent events, from a generator, an async generator or another iterable of events:
     * strings, which are their data, or objects with `data`, `event`, `id`, `retry` and `comment`.
     * The source is closed when the client goes away.
     *
     * @throws TypeError when the source is not iterable, or for an unknown option; RangeError unless
     * the heartbeat is above 0
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
     * Sets a cookie in the browser, by adding a Set-Cookie field. The value is percent-encoded.
     *
     * @returns the response itself
     * @throws TypeError or RangeError for what browsers refuse: a name that is not a token,
     * `sameSite: 'none'` without `secure`, a `__Host-` name with a domain, more than 4096 characters
     * @example response.setCookie('session', id, { httpOnly: true, sameSite: 'lax', maxAge: '8h' })
     */
    setCookie(name: string, value: string, options?: CookieOptions): this;
    /**
     * Makes the browser delete a cookie, identified by name, `path` and `domain`.
     * @returns the response itself
     * @throws TypeError or RangeError as `setCookie`
     */
    deleteCookie(name: string, options?: DeleteCookieOptions): this;
    /** The headers; they may be changed until the response is sent. */
    get headers(): Headers;
    /** Whether the status is 200 to 299. */
    get ok(): boolean;
    toString(): string;
}
