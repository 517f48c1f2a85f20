import type { Coro } from '../../core/support/types.ts';
import { WebSocketConnection } from '../websocket/connection.ts';
import type { WebSocketMessage } from '../websocket/connection.ts';
import type { WebSocketLimits } from '../websocket/settings.ts';
import type { Request } from './request.ts';
import { RouteKind } from './route-kind.ts';
/** What a callback may return: nothing, or anything that can be waited for, in either lane. */
type Called = void | PromiseLike<unknown> | Coro<unknown>;
/** Which pages may connect. */
export type Origins = 'same' | readonly string[] | ((origin: string, request: Request) => boolean);
/** How WebSockets of a route are agreed on, and what bounds them. */
export interface WebSocketOptions extends WebSocketLimits {
    /** Sub-protocols that are spoken here; the first of the client's list is taken that is one. */
    protocols?: readonly string[];
    /**
     * Whose pages may connect, by the Origin that browsers send: `'same'` for those of the host
     * itself, a list (`['https://example.com']`), or a function. Others get a 403; who sends no
     * Origin is no browser, and let in. By default every page may.
     */
    origins?: Origins;
}
/**
 * What is called for the WebSockets of a route. Each may be a plain, a `function*` or an `async`
 * function; while one runs, the next message waits, and few that wait are received.
 */
export interface WebSocketHandlers extends WebSocketOptions {
    /** A WebSocket is open. */
    open?: (socket: WebSocketConnection, request: Request) => Called;
    /** A message has come. Without it, `socket.receive()` takes messages. */
    message?: (socket: WebSocketConnection, message: WebSocketMessage) => Called;
    /**
     * Bytes that come are lent to `message`, not given: they are overwritten once it has returned,
     * and a coroutine that it starts may use them up to its first wait. Saves a copy of each message
     * and the garbage; for a callback that sends them on, or reads them at once. False by default.
     */
    transient?: boolean;
    /** The peer has caught up, after a `send` that gave `'queued'`. */
    drain?: (socket: WebSocketConnection) => Called;
    /** The connection is gone; code 1006 where it broke. */
    close?: (socket: WebSocketConnection, code: number, reason: string) => Called;
}
/** Speaks with one WebSocket, and closes it by ending. */
export type WebSocketMain = (socket: WebSocketConnection, request: Request) => PromiseLike<unknown> | Coro<unknown>;
/**
 * A route that speaks WebSocket (RFC 6455): with callbacks, or with a coroutine for each, in either
 * lane, which closes it by ending (1000) or by an error (1011).
 *
 * A request for anything but a WebSocket there gets 426, and what is wrong with a
 * handshake 400; middleware of the route runs before it.
 *
 * @throws TypeError, RangeError for wrong options
 * @example
 * serve({ routes: { '/echo': websocket({ message: (socket, text) => void socket.send(text) }) } });
 * serve({ routes: { '/sum': websocket(function* (socket) {
 *   let sum = 0;
 *   while (socket.open) socket.send(String((sum += Number(yield* socket.receive()))));
 * }) } });
 */
export declare function websocket(main: WebSocketMain, options?: WebSocketOptions): WebSocketRoute;
export declare function websocket(handlers: WebSocketHandlers): WebSocketRoute;
/** A route that speaks WebSocket, made by `websocket`. */
export declare class WebSocketRoute extends RouteKind {
    #private;
    private constructor();
    toString(): string;
}
