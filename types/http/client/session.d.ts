import type { Future } from '../../core/future/future.ts';
import type { Task } from '../../core/task/task.ts';
import type { WebSocketConnection } from '../websocket/connection.ts';
import type { CookieJar } from './cookie-jar.ts';
import type { ClientSessionOptions, RequestOptions } from './options.ts';
import type { ClientWebSocketOptions } from './open-websocket.ts';
import type { ClientResponse } from './response.ts';
import type { Download, DownloadOptions } from './download.ts';
import { EventFeed } from './event-feed.ts';
import type { EventFeedOptions } from './event-feed.ts';
import type { FetchInit, FetchInput } from './web-fetch.ts';
/**
 * An HTTP/1.1 client with a pool of connections. A request starts when the method is called, and
 * returns a `ClientResponse` in both lanes; cancelling it closes its connection.
 *
 * An idempotent request whose kept-alive connection turns out to be closed is sent once more on a
 * new one. Redirects follow aiohttp's rules: 303, and 301 and 302 after a POST, become GET without
 * a body; credentials are not sent to another origin.
 *
 * @throws RuntimeError outside a running loop; TypeError, RangeError for invalid options
 * @example
 * const session = new ClientSession({ timeout: '10s' });
 * const response = yield* session.get('http://localhost:8080/items', { params: { page: 2 } });
 * const items = yield* response.json();
 * yield* session.close();
 */
export declare class ClientSession {
    #private;
    constructor(options?: ClientSessionOptions);
    /** Whether `close()` was called, or its `connector` is closed. */
    get closed(): boolean;
    /** The jar with its cookies; null when they are not kept. */
    get cookieJar(): CookieJar | null;
    /** How many connections are open, including idle ones. */
    get connections(): number;
    /**
     * Sends a request. Every error is reported by the awaited result.
     * @throws (awaited) ClientError and its subclasses (see client/errors.ts); AbortError; TypeError
     *   and RangeError for invalid arguments; RuntimeError when the session is closed
     */
    request(method: string, url: string | URL, options?: RequestOptions): Task<ClientResponse>;
    /** Sends a GET request; errors as in `request`. */
    get(url: string | URL, options?: RequestOptions): Task<ClientResponse>;
    /**
     * Sends a HEAD request; redirects are followed only if asked for, as in aiohttp. Errors as in
     * `request`.
     */
    head(url: string | URL, options?: RequestOptions): Task<ClientResponse>;
    /** Sends an OPTIONS request; errors as in `request`. */
    options(url: string | URL, options?: RequestOptions): Task<ClientResponse>;
    /** Sends a POST request; errors as in `request`. */
    post(url: string | URL, options?: RequestOptions): Task<ClientResponse>;
    /** Sends a PUT request; errors as in `request`. */
    put(url: string | URL, options?: RequestOptions): Task<ClientResponse>;
    /** Sends a PATCH request; errors as in `request`. */
    patch(url: string | URL, options?: RequestOptions): Task<ClientResponse>;
    /** Sends a DELETE request; errors as in `request`. */
    delete(url: string | URL, options?: RequestOptions): Task<ClientResponse>;
    /**
     * Downloads a resource to a file. It is named `path.part` until it is complete. The download
     * resumes where an earlier call or attempt ended, if the server identified the version (`ETag`,
     * `Last-Modified`) and still has it. Cancel-safe: what was written is kept for the next call.
     * Unless `timeout` says otherwise, there is no total limit, but bytes have to arrive every 60 s.
     *
     * @throws (awaited) TypeError, RangeError for invalid options; ClientError; the system's errors
     * @example yield* session.download('https://example.org/big.iso', 'big.iso');
     */
    download(url: string | URL, path: string, options?: DownloadOptions): Task<Download>;
    /**
     * The server-sent events of a URL, over as many connections as needed: see {@link EventFeed}. The
     * first read sends the first request.
     *
     * @throws TypeError, RangeError for invalid options
     * @example
     * const feed = session.sse('/events', { lastEventId: '17' });
     * for await (const { event, data } of feed) console.log(event, data);
     */
    sse(url: string | URL, options?: EventFeedOptions): EventFeed;
    /**
     * The web's `fetch` over this session: with its connections, cookies, proxies and middlewares. It
     * takes and returns the web's own objects and can replace the global `fetch`; it is bound, so
     * `const { fetch } = session` works. Relative URLs are resolved against `baseUrl`.
     * @throws (awaited) TypeError like fetch's, with the ClientError as its cause; the reason of an
     *   aborted signal
     */
    readonly fetch: (input: FetchInput, init?: FetchInit) => Task<globalThis.Response>;
    /**
     * Connects to a WebSocket: `ws:`, `wss:`, or any URL that a request takes, with the headers,
     * timeout and `tls` of the session. Once open it does not count towards the session's `limit`; it
     * is closed with the session (code 1001). Cancel-safe: cancelling it closes the connection.
     *
     * @throws (awaited) TypeError, RangeError for invalid options; ClientError and its subclasses;
     *   WebSocketHandshakeError when the server refuses the upgrade; AbortError when `signal` aborts
     * @example
     * const socket = yield* session.websocket('/chat', { protocols: ['chat'] });
     * socket.send('hello');
     * for await (const message of socket) console.log(message);
     */
    websocket(url: string | URL, options?: ClientWebSocketOptions): Future<WebSocketConnection>;
    /**
     * Closes its WebSockets and its own connections; requests in progress on them fail. The
     * connections of a shared `connector` stay open.
     * @returns done when all are closed
     */
    close(): Future<void>;
    toString(): string;
    [Symbol.asyncDispose](): Promise<void>;
}
