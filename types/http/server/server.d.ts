import type { Duration } from '../../core/support/duration.ts';
import type { Coro } from '../../core/support/types.ts';
import type { Future } from '../../core/future/future.ts';
import type { Acceptor } from '../../io/listener.ts';
import type { TransportSocket } from '../../io/transport-socket.ts';
import type { UrlParams, UrlQuery } from '../router/build-url.ts';
import { type SignalOptions } from '../../tasks/abort.ts';
import type { Data } from '../../io/data.ts';
import type { ContextKey } from './context-key.ts';
import type { ReloadOptions } from './serve-options.ts';
import type { Handing } from '../workers/handing.ts';
import type { RunningServer } from '../workers/running-server.ts';
/** Counters of a server since its start. */
export interface ServerCounters {
    /** How many connections were accepted. */
    readonly accepted: number;
    /** How many connections are open. */
    readonly connections: number;
    /** How many requests were received. */
    readonly requests: number;
    /** How many requests are not finished yet. */
    readonly pending: number;
    /**
     * How many handlers failed with an error that neither was an HttpError nor was handled by
     * `error`.
     */
    readonly failures: number;
}
/**
 * A running HTTP server, made by `serve`.
 *
 * A single timer serves all connections: it counts ticks, and each connection records the tick of
 * its last activity, so no timer is set or cancelled per request. Timeouts are therefore exact to a
 * tick, which is a second, or a quarter of the shortest timeout if that is less.
 */
export declare class HttpServer implements Acceptor, RunningServer, Handing {
    #private;
    private constructor();
    /** The port it listens on, or the first of several; 0 if it listens only on Unix sockets. */
    get port(): number;
    /**
     * The host name it listens on, as given to `serve`, or the first of several; without one, the
     * address of the given socket, or 'localhost'.
     */
    get hostname(): string;
    /** Views of the sockets it listens on; they cannot be used for reading or writing. */
    get sockets(): readonly TransportSocket[];
    /** Its URL: `http://127.0.0.1:8080/`. */
    get url(): string;
    /** How many connections are open. */
    get connections(): number;
    /** The declared routes: `GET /users/:id`; `*` stands for all methods. */
    get routes(): string[];
    /**
     * The absolute URL of a route with these values for its parameters; `url` of `oxbow/http` makes
     * only the path.
     * @param path - the path of the route, as it was declared
     * @throws TypeError when there is no such route, or a value is missing, invalid or of an unknown
     * parameter
     */
    urlFor<Path extends string>(path: Path, params?: UrlParams<Path>, query?: UrlQuery): string;
    /**
     * The value that was set for the server, or the key's default. @throws ReferenceError when there
     * is neither
     */
    get<T>(key: ContextKey<T>): T;
    /** Whether a value was set for the server. */
    has<T>(key: ContextKey<T>): boolean;
    /** Sets a value for all handlers: `request.get(key)` returns it, too. */
    set<T>(key: ContextKey<T>, value: T): void;
    /** How many requests are not finished yet. */
    get pending(): number;
    /** Counters since the start of the server. */
    get counters(): ServerCounters;
    /**
     * Replaces handlers from the next request on. Requests in progress keep their handler, and no
     * connection is closed. What is left out is unchanged; null removes `fetch` or `error`. If an
     * option is invalid, nothing changes.
     * @throws TypeError as `serve`
     */
    reload<Paths extends string>(options: ReloadOptions<Paths>): void;
    /**
     * Registers work that continues after a response. The server does not end before it is done:
     * `shutdown` waits for it as for requests, `close` cancels it. Its errors go to the loop's
     * exception handler.
     * @throws TypeError when `work` is not awaitable
     * @example server.waitUntil(writeLater(order))
     */
    waitUntil(work: PromiseLike<unknown> | Coro<unknown>): void;
    /**
     * Ends the server gracefully:
     * 1. It stops listening.
     * 2. Requests that have already arrived are started.
     * 3. Idle connections are closed; the others close after their response, which has
     *    `Connection: close`.
     * 4. It waits for the handlers, and until clients have read the responses.
     * 5. What is not done after the timeout is cancelled, has a second to clean up, and is dropped.
     * 6. `onStop` hooks are called, then what `onStart` hooks returned, each in reverse order.
     * 7. `waitClosed` and `serveForever` return.
     *
     * Cancelling the wait, or aborting `signal`, does not stop the shutdown.
     *
     * @param options - `timeout`: seconds or a string such as '10s'; 60 by default, null waits for
     * ever
     * @returns done when the server has ended
     * @throws AbortError when `signal` aborts; the error of an `onStop` hook or a teardown, or an
     * ExceptionGroup of several
     */
    shutdown(options?: SignalOptions & {
        timeout?: Duration | null;
    }): Future<void>;
    /**
     * Ends at once: stops listening, drops all connections and cancels their handlers. `onStop` hooks
     * still run; `waitClosed` waits for them.
     */
    close(): void;
    /**
     * Waits until the server has ended. Cancel-safe: cancelling the wait changes nothing.
     * @throws AbortError when `signal` aborts; the errors of hooks, as `shutdown`
     */
    waitClosed(options?: SignalOptions): Future<void>;
    /**
     * Waits until the server has ended. Cancelling the wait closes the server at once, and so does
     * aborting `signal`, even before the call. Meanwhile a SIGTERM shuts the server down as
     * `shutdown()` does, and a second one closes it, unless the program handles that signal itself.
     * @throws AbortError when `signal` aborts; the errors of hooks, as `shutdown`
     */
    serveForever(options?: SignalOptions): Future<void>;
    /**
     * Sends a message to all WebSockets subscribed to a topic. Its frame is made only once, and all
     * that is published in a turn is sent together.
     * @param data - a string for a text message, bytes for a binary one
     * @returns to how many it was sent; a WebSocket that is closing, or has too much unsent, does not
     * count
     * @throws TypeError when `topic` is not a string, or `data` is neither a string nor bytes
     */
    publish(topic: string, data: Data): number;
    /** How many WebSockets are subscribed to a topic. */
    subscribers(topic: string): number;
    toString(): string;
    /** `await using server = await serve(…)` shuts down at the end of the block. */
    [Symbol.asyncDispose](): Promise<void>;
}
