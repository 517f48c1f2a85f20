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
/** What a server has done since it began. */
export interface ServerCounters {
    /** Connections that were accepted. */
    readonly accepted: number;
    /** Those that are open now. */
    readonly connections: number;
    /** Requests that have come. */
    readonly requests: number;
    /** Those that are not answered yet. */
    readonly pending: number;
    /** Handlers that failed with an error that nothing answered. */
    readonly failures: number;
}
/**
 * A running HTTP server, made by `serve`.
 *
 * One timer looks after all connections: it counts ticks, a connection notes the tick of its last
 * sign of life, and nothing is armed or cancelled for a request. So timeouts are exact to a tick,
 * which is a second or a quarter of the shortest timeout.
 */
export declare class HttpServer implements Acceptor, RunningServer, Handing {
    #private;
    private constructor();
    /** The port it listens on, the first of them; 0 where there are Unix sockets alone. */
    get port(): number;
    /** The host that it was asked to listen on, the first of them. */
    get hostname(): string;
    /** A look at each socket that it listens on. */
    get sockets(): readonly TransportSocket[];
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
    /** Requests that have come and are not answered yet. */
    get pending(): number;
    /** What has happened since it began. */
    get counters(): ServerCounters;
    /**
     * Answers otherwise from the next request on; those under way go on with what they began with,
     * and no connection is closed. What is left out stays as it is; null takes `fetch` or `error`
     * away. When something is wrong with it, nothing changes.
     * @throws TypeError as `serve` does
     */
    reload<Paths extends string>(options: ReloadOptions<Paths>): void;
    /**
     * Work that goes on behind an answer. The server is not over before it is done; errors go to the
     * loop's exception handler. `shutdown` waits for it as for requests, `close` cancels it.
     * @throws TypeError for what is nothing to wait for
     * @example server.waitUntil(writeLater(order))
     */
    waitUntil(work: PromiseLike<unknown> | Coro<unknown>): void;
    /**
     * Ends gently:
     * 1. It stops listening.
     * 2. Requests that have come by now are begun.
     * 3. Idle connections are closed; the others will be after their answers, which say
     *    `Connection: close`.
     * 4. It waits for the handlers, and for their answers to be read.
     * 5. What is not done after the timeout is cancelled, has a second to clean up, and is dropped.
     * 6. `onStop` is called, and what `onStart` gave back, in reverse order.
     * 7. Those who wait for its end go on.
     *
     * Neither cancelling the wait nor an abort of `signal` takes the shutdown back.
     *
     * @param options - `timeout`: seconds or '10s'; 60 by default, null waits for ever
     * @returns done once that is over
     * @throws AbortError when `signal` aborts; the error of a hook of `onStop`, or an ExceptionGroup
     * of several
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
     * Waits until the server is closed. Cancelling it closes the server, and so does an abort of
     * `signal`, also of one that has aborted before. Meanwhile SIGTERM shuts it down as `shutdown()`
     * does, and the next one closes it, unless the program listens to that signal itself.
     * @throws AbortError when `signal` aborts
     */
    serveForever(options?: SignalOptions): Future<void>;
    /**
     * Sends a message to all WebSockets that have subscribed to a topic. Its frame is made once, and
     * what one turn publishes leaves together.
     * @returns how many it was sent to; a WebSocket that is closing, or too far behind, is not
     * counted
     * @throws TypeError for what is neither text nor bytes
     */
    publish(topic: string, data: Data): number;
    /** WebSockets that have subscribed to a topic. */
    subscribers(topic: string): number;
    toString(): string;
    /** `await using server = await serve(…)` shuts down at the end of the block. */
    [Symbol.asyncDispose](): Promise<void>;
}
