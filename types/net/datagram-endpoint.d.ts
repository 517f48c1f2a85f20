import { Future } from '../core/future/future.ts';
import type { Data } from '../io/data.ts';
import type { DatagramSocket } from '../io/datagram-socket.ts';
import type { AnySocketAddress, SocketAddress } from '../io/transport-socket.ts';
import { type SignalOptions } from '../tasks/abort.ts';
import { type Step } from '../tasks/step-iterator.ts';
import { type DatagramOptions } from './create-datagram.ts';
import type { DatagramTransport } from './datagram-transport.ts';
/** A datagram and its sender. */
export interface ReceivedDatagram<A extends AnySocketAddress = SocketAddress> {
    readonly data: Buffer;
    /** The sender's address; for a Unix socket its path, empty when it has none. */
    readonly address: A;
}
/** Options of `openDatagram`. */
export interface EndpointOptions extends DatagramOptions {
    /** How many datagrams may wait to be received; default 1024. */
    queueSize?: number;
    /** How many bytes they may have in all; default 4 MiB. */
    queueBytes?: number;
    /** Which one is dropped when one arrives and there is no room; default `'newest'`: that one. */
    overflow?: 'newest' | 'oldest';
}
/**
 * A datagram socket for coroutines of both lanes. Created by `openDatagram`. `A` is the type of its
 * addresses: `[host, port]`, or `string` for the paths of Unix sockets.
 *
 * Datagrams that nobody is waiting for are queued: 1024 datagrams or 4 MiB, unless options say
 * otherwise. Those for which the queue has no room are lost and counted in `dropped`; those lost in
 * the kernel before are not counted.
 *
 * @example
 * const endpoint = yield* openDatagram({ localAddr: ['127.0.0.1', 9999] });
 * for (;;) {
 *   const { data, address } = yield* endpoint.receive();
 *   endpoint.send(data, address);
 * }
 */
export declare class DatagramEndpoint<A extends AnySocketAddress = SocketAddress> {
    #private;
    readonly transport: DatagramTransport;
    private constructor();
    /** The local address, `[host, port]` or a path; null once it is closed. */
    get address(): A | null;
    /** The socket, for its addresses, multicast groups and options. */
    get socket(): DatagramSocket;
    /** How many datagrams were lost because the queue had no room for them. */
    get dropped(): number;
    /** How many datagrams are waiting to be received. */
    get qsize(): number;
    /**
     * Sends one datagram, as `DatagramTransport.sendto`: never waits, see `drain()`.
     * @throws TypeError or RangeError as `sendto`
     */
    send(data: Data, address?: A | null): void;
    /**
     * Waits while more than the high watermark is unsent. Cancel-safe.
     * @throws AbortError when `signal` aborts
     */
    drain(options?: SignalOptions): Future<void>;
    /**
     * Receives the next datagram. Cancel-safe: a cancelled call takes none.
     * @throws ChannelClosed when the endpoint is closed and everything was received; an error with
     * code `ECONNREFUSED`, `EMSGSIZE`, … when a datagram could not be sent: the endpoint stays
     * usable; AbortError when `signal` aborts
     */
    receive(options?: SignalOptions): Future<ReceivedDatagram<A>>;
    /** As `receive()`, but returns `{ done: true }` when the endpoint is closed. Cancel-safe. */
    next(options?: SignalOptions): Future<Step<ReceivedDatagram<A>>>;
    /** Iterates over datagrams until the endpoint is closed; leaving the loop does not close it. */
    [Symbol.asyncIterator](): AsyncIterableIterator<ReceivedDatagram<A>, undefined>;
    /** Closes once unsent datagrams are sent. Waiting receives end with an error. May be repeated. */
    close(): void;
    /** Closes at once: what is unsent is dropped. */
    abort(): void;
    /** Whether it is closing or closed. */
    isClosing(): boolean;
    /** Waits until the socket is closed. Cancel-safe. @throws AbortError when `signal` aborts */
    waitClosed(options?: SignalOptions): Future<void>;
    /** `await using`: closes it and waits until it is closed. */
    [Symbol.asyncDispose](): Promise<void>;
    toString(): string;
}
/**
 * Opens a datagram socket (UDP, or Unix when an address is a path) in the running loop, for use in
 * coroutines: `send`, `receive`, `for await`. In TypeScript, `openDatagram<string>()` for Unix
 * sockets.
 *
 * @throws as `createDatagramEndpoint`
 * @example
 * const endpoint = yield* openDatagram({ remoteAddr: ['127.0.0.1', 9999] });
 * endpoint.send('ping');
 * const { data } = yield* endpoint.receive();
 */
export declare function openDatagram<A extends AnySocketAddress = SocketAddress>(options?: EndpointOptions): Future<DatagramEndpoint<A>>;
