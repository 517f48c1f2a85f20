import type { EventLoop } from '../core/event-loop.ts';
import type { Duration } from '../core/duration.ts';
import type { Future } from '../core/future.ts';
import { type Values } from '../core/running.ts';
import { type Acceptor } from '../io/listener.ts';
import type { Endpoint } from '../io/names.ts';
import { ResponseHeads } from './response-head.ts';
import type { CheckedOptions, Handler, HandlerResult } from './serve-options.ts';
import type { Request } from './request.ts';
import { ServerConnection } from './server-connection.ts';
/**
 * A running HTTP server, made by `serve`.
 *
 * One timer looks after all connections: it counts ticks, a connection notes the tick of its last
 * sign of life, and nothing is armed or cancelled for a request. So timeouts are exact to a tick,
 * which is a second or a quarter of the shortest timeout.
 */
export declare class HttpServer implements Acceptor {
    #private;
    readonly _loop: EventLoop;
    /** The context variables that handlers begin with: those of whoever made the server. */
    readonly _values: Values;
    readonly _handler: Handler;
    readonly _onError: ((error: unknown, request: Request) => HandlerResult) | null;
    readonly _maxBodySize: number;
    readonly _heads: ResponseHeads;
    readonly _headerTicks: number;
    readonly _keepAliveTicks: number;
    readonly _bodyTicks: number;
    readonly _sendTicks: number;
    readonly _lingerTicks: number;
    readonly _lingerTicksMost: number;
    _tick: number;
    /** No connection is accepted any more, and none is kept alive. */
    _stopping: boolean;
    /** @internal */
    constructor(loop: EventLoop, options: CheckedOptions);
    /** The port it listens on. */
    get port(): number;
    /** The host that it was told to listen on. */
    get hostname(): string;
    /** Where it can be reached: `http://127.0.0.1:8080/`. */
    get url(): string;
    /** Connections that are open now. */
    get connections(): number;
    get _authority(): string;
    /**
     * Ends gently: stops listening, closes idle connections, answers the requests under way with
     * `Connection: close`, and what is not done after the timeout is cancelled and dropped.
     * Cancelling the wait does not take the shutdown back.
     *
     * @param options - `timeout`: seconds or '10s'; 60 by default, null waits for ever
     * @returns done once every connection is closed
     */
    shutdown(options?: {
        timeout?: Duration | null;
    }): Future<void>;
    /** Ends at once: stops listening, drops every connection and cancels what still runs. */
    close(): void;
    /** Done once the server is closed and its last connection is gone. */
    waitClosed(): Future<void>;
    /** Waits until the server is closed by somebody else; cancelling it closes the server. */
    serveForever(): Future<void>;
    toString(): string;
    /** `await using server = await serve(…)` shuts down at the end of the block. */
    [Symbol.asyncDispose](): Promise<void>;
    /** @internal */
    _listen(endpoints: readonly Endpoint[]): void;
    /** @internal */
    _accepted(handle: number, generation: number): void;
    /** @internal Only our side of the connection is closed. */
    _lingers(connection: ServerConnection): void;
    /** @internal The connection is closed and nothing runs for it any more. */
    _forget(connection: ServerConnection): void;
}
