import type { Future } from '../../core/future/future.ts';
import type { Data } from '../../io/data.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import { type Step } from '../../tasks/step-iterator.ts';
import { CallingSocket } from './calling.ts';
import type { WebSocketMessage } from './message.ts';
import type { SendResult } from './sending.ts';
export type { WebSocketMessage } from './message.ts';
export type { SendResult } from './sending.ts';
/**
 * An open WebSocket, of a server (`websocket`) or a client (`session.websocket`,
 * `connectWebSocket`). Messages are sent with `send`. Received ones go to the `message` callback,
 * or else to `receive()` and `for await`.
 *
 * @example
 * for await (const message of socket) {
 *   if (socket.send(message) === 'queued') await socket.drain();
 * }
 */
export declare class WebSocketConnection extends CallingSocket {
    #private;
    /** For the program's own use; undefined until it is set. */
    data: any;
    /** The negotiated sub-protocol; '' for none. */
    readonly protocol: string;
    private constructor();
    /** Whether messages can be sent. */
    get open(): boolean;
    /** Whether the connection is gone. */
    get closed(): boolean;
    /** The code it is or was closed with; 1006 if the connection broke; null while it is open. */
    get closeCode(): number | null;
    /** The reason given by the closing side; '' for none. */
    get closeReason(): string;
    /** Bytes passed to `send` that the system has not taken yet. */
    get bufferedAmount(): number;
    /** Whether messages are compressed (permessage-deflate). */
    get compressed(): boolean;
    /** Address of the peer, or null once it is closed. */
    get remoteAddress(): string | null;
    /**
     * Sends a message: a string as text, anything else as bytes. Messages of one turn are sent
     * together. Bytes of more than 64 KiB may be sent without a copy, so they must not be changed
     * until `drain()`.
     *
     * @returns `'sent'`: the peer keeps up; `'queued'`: the message waits with others, and `drain()`
     *   waits until the peer has caught up; `'dropped'`: it was not sent, since it is closed or
     *   `maxBackpressure` was reached
     * @throws TypeError when it is neither text nor bytes
     */
    send(data: Data): SendResult;
    /**
     * Waits until the peer has taken enough for more to be sent; done at once if it keeps up.
     * Cancel-safe.
     * @throws WebSocketClosedError when it closes first; AbortError when `signal` aborts
     */
    drain(options?: SignalOptions): Future<void>;
    /**
     * The next message. While messages are not taken, only a few more are received. Cancel-safe: a
     * cancelled call takes no message.
     * @throws WebSocketClosedError when it is closed and all messages were taken; RuntimeError when
     *   another call is waiting, or there is a `message` callback; AbortError when `signal` aborts
     */
    receive(options?: SignalOptions): Future<WebSocketMessage>;
    /** As `receive()`, but returns `{ done: true }` when it is closed. Cancel-safe. */
    next(options?: SignalOptions): Future<Step<WebSocketMessage>>;
    /**
     * The messages until it is closed, for whatever reason; leaving the loop early leaves it open.
     */
    [Symbol.asyncIterator](): AsyncIterableIterator<WebSocketMessage, undefined>;
    /**
     * Pings the peer.
     * @param data - up to 125 bytes, which the answer repeats
     * @returns done when the answer arrives; cancelled when it closes first. Cancel-safe.
     * @throws RangeError for more than 125 bytes; TypeError when `data` is neither text nor bytes;
     *   AbortError when `signal` aborts
     */
    ping(data?: Data, options?: SignalOptions): Future<void>;
    /**
     * Closes it: pending messages are sent first, then the close frame; the peer answers, and the
     * connection ends. Messages received meanwhile are dropped. A peer that does not answer within
     * `closeTimeout` is dropped.
     *
     * @param code - 1000 to 1003, 1007 to 1014, or 3000 to 4999; default 1000
     * @param reason - up to 123 bytes of UTF-8
     * @returns done when the connection is gone; cancelling the wait does not undo the closing
     * @throws TypeError, RangeError for a code or a reason that cannot be sent
     */
    close(code?: number, reason?: string): Future<void>;
    /** Drops the connection at once, with everything unsent. The peer sees it as broken (1006). */
    abort(): void;
    /** Waits until the connection is gone. Cancel-safe. @throws AbortError when `signal` aborts */
    waitClosed(options?: SignalOptions): Future<void>;
    /**
     * Subscribes to a topic of the server: messages published under it are sent to the peer, until it
     * closes.
     * @throws RuntimeError on a client; TypeError unless the topic is a string
     */
    subscribe(topic: string): void;
    /** Ends a subscription. @returns whether it was subscribed. @throws as `subscribe` */
    unsubscribe(topic: string): boolean;
    /** Whether it is subscribed to the topic. */
    isSubscribed(topic: string): boolean;
    /**
     * Sends a message to all other subscribers of a topic of the server.
     * @returns how many it was sent to
     * @throws TypeError when it is neither text nor bytes; RuntimeError on a client
     */
    publish(topic: string, data: Data): number;
    toString(): string;
    /** Closes it at the end of an `await using` block. */
    [Symbol.asyncDispose](): Promise<void>;
}
