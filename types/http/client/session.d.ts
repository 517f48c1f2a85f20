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
    /** Where its cookies are; null when they are not kept. */
    get cookieJar(): CookieJar | null;
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
    /**
     * Gets a resource into a file. It is `path.part` until it is whole, and goes on where an earlier
     * call, or attempt, has ended, when the server has said which version that was (`ETag`,
     * `Last-Modified`) and has it still. Cancelling it leaves what is there for the next call.
     * Unless `timeout` says otherwise there is no limit on the total: bytes have to come every 60 s.
     *
     * @throws (awaited) TypeError, RangeError for wrong options; ClientError; the system's errors
     * @example yield* session.download('https://example.org/big.iso', 'big.iso');
     */
    download(url: string | URL, path: string, options?: DownloadOptions): Task<Download>;
    /**
     * The server-sent events of a URL, over as many connections as it takes: see {@link EventFeed}.
     * The first request is sent by the first read.
     *
     * @throws TypeError, RangeError for wrong options
     * @example
     * const feed = session.sse('/events', { lastEventId: '17' });
     * for await (const { event, data } of feed) console.log(event, data);
     */
    sse(url: string | URL, options?: EventFeedOptions): EventFeed;
    /**
     * The web's `fetch` over this session: its connections, cookies, proxies and middlewares. It
     * takes and gives the web's own objects and stands in for the global one, also by itself:
     * `const { fetch } = session`. Relative addresses are relative to `baseUrl`.
     * @throws (awaited) TypeError as fetch's, with the ClientError as its cause; the reason of a
     * signal
     */
    readonly fetch: (input: FetchInput, init?: FetchInit) => Task<globalThis.Response>;
    /**
     * Connects to a WebSocket: `ws:`, `wss:`, or a URL as of a request, with what the session has of
     * headers, limits and `tls`. It takes no place among the session's `limit` once it is open, and
     * is closed with the session (1001). Cancel-safe: cancelling it closes the connection.
     *
     * @throws (awaited) TypeError, RangeError for wrong options; ClientError and its kinds;
     *   WebSocketHandshakeError when the server grants none; AbortError when `signal` aborts
     * @example
     * const socket = yield* session.websocket('/chat', { protocols: ['chat'] });
     * socket.send('hello');
     * for await (const message of socket) console.log(message);
     */
    websocket(url: string | URL, options?: ClientWebSocketOptions): Future<WebSocketConnection>;
    /**
     * Closes every connection of its own; requests under way over them fail, and WebSockets are
     * closed. The connections of a `connector` stay.
     * @returns done when all are closed
     */
    close(): Future<void>;
    toString(): string;
    [Symbol.asyncDispose](): Promise<void>;
}
