import type { Coro } from '../../core/support/types.ts';
import { WebSocketConnection } from '../websocket/connection.ts';
import type { WebSocketMessage } from '../websocket/connection.ts';
import type { WebSocketLimits } from '../websocket/settings.ts';
import type { Request } from './request.ts';
import { RouteKind } from './route-kind.ts';
/** What a callback may return: nothing, or anything awaitable. */
type Called = void | PromiseLike<unknown> | Coro<unknown>;
/** Which origins may connect. */
export type Origins = 'same' | readonly string[] | ((origin: string, request: Request) => boolean);
/** Options of a WebSocket route: the handshake, and limits. */
export interface WebSocketOptions extends WebSocketLimits {
    /** Supported subprotocols; the first one in the client's list that is supported is used. */
    protocols?: readonly string[];
    /**
     * Which web pages may connect, by the Origin that browsers send: `'same'` for those of the
     * server's host, a list (`['https://example.com']`), or a function. Others get a 403. A client
     * that sends no Origin is not a browser, and may connect. By default every page may.
     */
    origins?: Origins;
}
/**
 * Callbacks for the WebSockets of a route. Each may be a plain, a `function*` or an `async`
 * function. While one runs, the next message waits, and only a few more are received.
 */
export interface WebSocketHandlers extends WebSocketOptions {
    /** Called when a WebSocket is open. */
    open?: (socket: WebSocketConnection, request: Request) => Called;
    /** Called for each message. Without it, messages are read with `socket.receive()`. */
    message?: (socket: WebSocketConnection, message: WebSocketMessage) => Called;
    /**
     * Whether bytes passed to `message` are only lent: they are overwritten after it returns, or, if
     * it is a coroutine, after its first wait. Saves a copy and garbage for each message; suitable if
     * the callback sends them on, or reads them at once. False by default.
     */
    transient?: boolean;
    /** Called when the peer has caught up, after a `send` that returned `'queued'`. */
    drain?: (socket: WebSocketConnection) => Called;
    /** Called when the WebSocket is closed; with code 1006 if the connection broke. */
    close?: (socket: WebSocketConnection, code: number, reason: string) => Called;
}
/** A coroutine for one WebSocket, which is closed when it ends. */
export type WebSocketMain = (socket: WebSocketConnection, request: Request) => PromiseLike<unknown> | Coro<unknown>;
/**
 * A route for WebSockets (RFC 6455): with callbacks, or with a coroutine (`function*` or `async`)
 * for each WebSocket, which closes it by ending (code 1000) or by an error (1011).
 *
 * Other requests to the route get a 426, malformed handshakes a 400. Middleware of the route runs
 * before the handshake.
 *
 * @throws TypeError or RangeError for invalid options
 * @example
 * serve({ routes: { '/echo': websocket({ message: (socket, text) => void socket.send(text) }) } });
 * serve({ routes: { '/sum': websocket(function* (socket) {
 *   let sum = 0;
 *   while (socket.open) socket.send(String((sum += Number(yield* socket.receive()))));
 * }) } });
 */
export declare function websocket(main: WebSocketMain, options?: WebSocketOptions): WebSocketRoute;
export declare function websocket(handlers: WebSocketHandlers): WebSocketRoute;
/** A route for WebSockets, made by `websocket`. */
export declare class WebSocketRoute extends RouteKind {
    #private;
    private constructor();
    toString(): string;
}
