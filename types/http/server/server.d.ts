import type { Duration } from '../../core/support/duration.ts';
import type { Future } from '../../core/future/future.ts';
import { type Acceptor } from '../../io/listener.ts';
import type { UrlParams, UrlQuery } from '../router/build-url.ts';
import { type SignalOptions } from '../../tasks/abort.ts';
import type { ContextKey } from './context-key.ts';
/**
 * A running HTTP server, made by `serve`.
 *
 * One timer looks after all connections: it counts ticks, a connection notes the tick of its last
 * sign of life, and nothing is armed or cancelled for a request. So timeouts are exact to a tick,
 * which is a second or a quarter of the shortest timeout.
 */
export declare class HttpServer implements Acceptor {
    #private;
    private constructor();
    /** The port it listens on. */
    get port(): number;
    /** The host that it was told to listen on. */
    get hostname(): string;
    /** Where it can be reached: `http://127.0.0.1:8080/`. */
    get url(): string;
    /** Connections that are open now. */
    get connections(): number;
    /** What is declared: `GET /users/:id`; `*` stands for all methods. */
    get routes(): string[];
    /**
     * The absolute URL of a route with these values for its parameters; `url` of `oxbow/http` makes
     * the path alone.
     * @param path - as it was declared
     * @throws TypeError when no route is declared so, or a value is missing or of no parameter
     */
    urlFor<Path extends string>(path: Path, params?: UrlParams<Path>, query?: UrlQuery): string;
    /** What was set for the server. @throws ReferenceError when nothing was, and it has no default */
    get<T>(key: ContextKey<T>): T;
    has<T>(key: ContextKey<T>): boolean;
    /** Keeps a value for all handlers: `request.get(key)` gives it, too. */
    set<T>(key: ContextKey<T>, value: T): void;
    /**
     * Ends gently: stops listening, closes idle connections, answers the requests under way with
     * `Connection: close`, and what is not done after the timeout is cancelled and dropped.
     * Cancelling the wait does not take the shutdown back, and neither does an abort of `signal`.
     *
     * @param options - `timeout`: seconds or '10s'; 60 by default, null waits for ever
     * @returns done once every connection is closed
     * @throws AbortError when `signal` aborts
     */
    shutdown(options?: SignalOptions & {
        timeout?: Duration | null;
    }): Future<void>;
    /** Ends at once: stops listening, drops every connection and cancels what still runs. */
    close(): void;
    /**
     * Done once the server is closed and its last connection is gone. Cancel-safe.
     * @throws AbortError when `signal` aborts
     */
    waitClosed(options?: SignalOptions): Future<void>;
    /**
     * Waits until the server is closed by somebody else. Cancelling it closes the server, and so does
     * an abort of `signal`, also of one that has aborted before.
     * @throws AbortError when `signal` aborts
     */
    serveForever(options?: SignalOptions): Future<void>;
    toString(): string;
    /** `await using server = await serve(…)` shuts down at the end of the block. */
    [Symbol.asyncDispose](): Promise<void>;
}
