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
 * A WebSocket that is open, of a server (`websocket`) or a client (`session.websocket`,
 * `connectWebSocket`). Messages are sent with `send`, and come to the `message` callback or to
 * `receive()` and `for await`.
 *
 * @example
 * for await (const message of socket) {
 *   if (socket.send(message) === 'queued') await socket.drain();
 * }
 */
export declare class WebSocketConnection extends CallingSocket {
    #private;
    /** Whatever belongs to it; undefined until it is set. */
    data: any;
    /** The sub-protocol that was agreed on; '' for none. */
    readonly protocol: string;
    private constructor();
    /** Whether messages can be sent. */
    get open(): boolean;
    /** Whether the connection is gone. */
    get closed(): boolean;
    /** What it is or was closed with: 1006 where the connection broke; null while it is open. */
    get closeCode(): number | null;
    /** What the closing side said about it. */
    get closeReason(): string;
    /** Bytes that were sent and that the system has not taken yet. */
    get bufferedAmount(): number;
    /** Whether messages are packed (permessage-deflate). */
    get compressed(): boolean;
    /** Address of the other end, or null when the connection is gone. */
    get remoteAddress(): string | null;
    /**
     * Sends a message: text as it is, or bytes. What one turn sends leaves together. Bytes of more
     * than 64 KiB may be sent from where they are, so they must not be changed until `drain()`.
     *
     * @returns `'sent'`: the peer keeps up; `'queued'`: the message waits with others, `drain()` says
     *   when the peer has caught up; `'dropped'`: it is closed, or `maxBackpressure` was reached
     * @throws TypeError for what is neither text nor bytes
     */
    send(data: Data): SendResult;
    /**
     * Waits until the peer has taken enough for more to be sent; done at once when it keeps up.
     * Cancel-safe.
     * @throws WebSocketClosedError when it closes before; AbortError when `signal` aborts
     */
    drain(options?: SignalOptions): Future<void>;
    /**
     * The next message. While messages are not taken, no more than a few are received. Cancel-safe:
     * once cancelled, it takes none.
     * @throws WebSocketClosedError when it is closed and all messages were taken; RuntimeError when
     *   another coroutine waits, or there is a `message` callback; AbortError when `signal` aborts
     */
    receive(options?: SignalOptions): Future<WebSocketMessage>;
    /** As `receive()`, but gives `{ done: true }` when it is closed. Cancel-safe. */
    next(options?: SignalOptions): Future<Step<WebSocketMessage>>;
    /** The messages until it is closed, however that comes; leaving early leaves it open. */
    [Symbol.asyncIterator](): AsyncIterableIterator<WebSocketMessage, undefined>;
    /**
     * Pings the peer.
     * @param data - up to 125 bytes that the answer repeats
     * @returns done when the answer has come; cancelled when it closes before that. Cancel-safe.
     * @throws RangeError for more bytes; AbortError when `signal` aborts
     */
    ping(data?: Data, options?: SignalOptions): Future<void>;
    /**
     * Closes it: what was sent goes first, then the peer answers, and the connection ends. What comes
     * meanwhile is dropped. A peer that does not answer within `closeTimeout` is dropped.
     *
     * @param code - 1000 to 1003, 1007 to 1014, or 3000 to 4999
     * @param reason - up to 123 bytes of UTF-8
     * @returns done when the connection is gone; cancelling it does not take the closing back
     * @throws TypeError, RangeError for a code or a reason that cannot be sent
     */
    close(code?: number, reason?: string): Future<void>;
    /** Drops the connection at once, with everything unsent. The peer sees it as broken (1006). */
    abort(): void;
    /** Done when the connection is gone. Cancel-safe. @throws AbortError when `signal` aborts */
    waitClosed(options?: SignalOptions): Future<void>;
    /**
     * Gets what is published under a topic of the server, until it closes.
     * @throws RuntimeError for a client's
     */
    subscribe(topic: string): void;
    /** Gets no more of it. @returns whether it was subscribed */
    unsubscribe(topic: string): boolean;
    /** Whether it is subscribed to the topic. */
    isSubscribed(topic: string): boolean;
    /**
     * Sends a message to all who have subscribed to a topic of the server, but itself.
     * @returns how many it was sent to
     * @throws TypeError for what is neither text nor bytes; RuntimeError for a client's
     */
    publish(topic: string, data: Data): number;
    toString(): string;
    /** `await using` closes it at the end of the block. */
    [Symbol.asyncDispose](): Promise<void>;
}
