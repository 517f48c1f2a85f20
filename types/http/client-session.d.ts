import type { Duration } from '../core/duration.ts';
import type { Future } from '../core/future.ts';
import type { Task } from '../core/task.ts';
import type { RequestInit } from './client-request.ts';
import { ClientResponse } from './client-response.ts';
import type { ClientTimeoutInit } from './client-timeout.ts';
import { ClientTimeout } from './client-timeout.ts';
import type { HeadersInit, ReadonlyHeaders } from './headers.ts';
/** What all requests of a session have in common. */
export interface ClientSessionOptions {
    /** What relative URLs are relative to. */
    baseUrl?: string | URL;
    /** Sent with every request. */
    headers?: HeadersInit | ReadonlyHeaders;
    /** A ClientTimeout, its options, or the total alone; 300 s in total by default. */
    timeout?: ClientTimeout | ClientTimeoutInit | Duration | null;
    /** Requests under way at once; 100 by default, 0 for no limit. The others wait in turn. */
    limit?: number;
    /** The same for each host; 0, no limit, by default. */
    limitPerHost?: number;
    /** How long an idle connection is kept; 15 s by default. */
    keepAliveTimeout?: Duration;
    /** Whether a status of 400 or more throws ClientResponseError; false by default. */
    raiseForStatus?: boolean;
    /** Whether gzip, deflate and br are taken off; true by default. */
    autoDecompress?: boolean;
    /** Bytes that a compressed body may unpack to; 64 MiB by default. */
    maxDecodedSize?: number;
}
/** What one request has of its own; it counts before what the session has. */
export interface RequestOptions extends RequestInit {
    /** Instead of the session's. */
    timeout?: ClientTimeout | ClientTimeoutInit | Duration | null;
    /** Whether redirections are followed; true by default. */
    allowRedirects?: boolean;
    /** The same by fetch's name: `'manual'` gives the redirection itself, `'error'` throws. */
    redirect?: 'follow' | 'manual' | 'error';
    /** How many redirections are followed; 10 by default. */
    maxRedirects?: number;
    /** Whether a status of 400 or more throws; by default as the session says. */
    raiseForStatus?: boolean;
    /** Aborting it ends the request with an AbortError. */
    signal?: AbortSignal;
}
/**
 * An HTTP/1.1 client with a pool of connections. Every request starts at the call and gives a
 * `ClientResponse` in both lanes; cancelling it closes its connection.
 *
 * An idempotent request that finds its kept-alive connection closed is sent once more on a new
 * one. Redirections follow aiohttp's rules: 303, and 301 and 302 of a POST, become GET without a
 * body; credentials are not sent to another origin.
 *
 * @throws RuntimeError outside a running loop; TypeError, RangeError for wrong options
 * @example
 * const session = new ClientSession({ timeout: '10s' });
 * const response = yield* session.get('http://localhost:8080/items', { params: { page: 2 } });
 * const items = yield* response.json();
 * yield* session.close();
 */
export declare class ClientSession {
    #private;
    constructor(options?: ClientSessionOptions);
    /** Whether `close()` was called. */
    get closed(): boolean;
    /** Connections that are open now, idle ones included. */
    get connections(): number;
    /**
     * Sends a request. Every error comes with the awaited result.
     * @throws (awaited) ClientError and its kinds (see client-errors), AbortError, TypeError and
     * RangeError for wrong arguments, RuntimeError when the session is closed
     */
    request(method: string, url: string | URL, options?: RequestOptions): Task<ClientResponse>;
    get(url: string | URL, options?: RequestOptions): Task<ClientResponse>;
    /** Redirections of a HEAD are not followed unless asked for, as in aiohttp. */
    head(url: string | URL, options?: RequestOptions): Task<ClientResponse>;
    options(url: string | URL, options?: RequestOptions): Task<ClientResponse>;
    post(url: string | URL, options?: RequestOptions): Task<ClientResponse>;
    put(url: string | URL, options?: RequestOptions): Task<ClientResponse>;
    patch(url: string | URL, options?: RequestOptions): Task<ClientResponse>;
    delete(url: string | URL, options?: RequestOptions): Task<ClientResponse>;
    /** Closes every connection; requests under way fail. @returns done when all are closed */
    close(): Future<void>;
    [Symbol.asyncDispose](): Promise<void>;
}
