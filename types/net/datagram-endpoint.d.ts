import { Future } from '../core/future/future.ts';
import type { Data } from '../io/data.ts';
import type { DatagramSocket } from '../io/datagram-socket.ts';
import type { AnySocketAddress, SocketAddress } from '../io/transport-socket.ts';
import { type SignalOptions } from '../tasks/abort.ts';
import { type Step } from '../tasks/step-iterator.ts';
import { type DatagramOptions } from './create-datagram.ts';
import type { DatagramTransport } from './datagram-transport.ts';
/** A datagram and who has sent it. */
export interface ReceivedDatagram<A extends AnySocketAddress = SocketAddress> {
    readonly data: Buffer;
    /** Of a Unix socket its path, empty when it has none. */
    readonly address: A;
}
/** What `openDatagram` takes. */
export interface EndpointOptions extends DatagramOptions {
    /** How many datagrams are kept that nobody has received yet; default 1024. */
    queueSize?: number;
    /** How many bytes of them; default 4 MiB. */
    queueBytes?: number;
    /** Which one is lost when one comes and there is no room; default `'newest'`, itself. */
    overflow?: 'newest' | 'oldest';
}
/**
 * A socket for datagrams for coroutines of both lanes. Made by `openDatagram`. `A` is what its
 * addresses are: `[host, port]`, or `string` for the paths of Unix sockets.
 *
 * What comes while nobody receives waits in a queue: 1024 datagrams or 4 MiB, unless options say
 * otherwise. What finds no room is lost, and counted in `dropped`; what finds none in the kernel
 * before that is not.
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
    /** Our own end, `[host, port]` or a path; null once it is closed. */
    get address(): A | null;
    /** Addresses, groups of multicast and options. */
    get socket(): DatagramSocket;
    /** How many datagrams were lost because the queue had no room for them. */
    get dropped(): number;
    /** How many datagrams wait to be received. */
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
     * The next datagram. Cancel-safe: once cancelled, it has taken none.
     * @throws ChannelClosed when the endpoint is closed and everything was received; an error with
     * code `ECONNREFUSED`, `EMSGSIZE`, … when a datagram could not be sent: the endpoint goes on;
     * AbortError when `signal` aborts
     */
    receive(options?: SignalOptions): Future<ReceivedDatagram<A>>;
    /** As `receive()`, but gives `{ done: true }` when the endpoint is closed. Cancel-safe. */
    next(options?: SignalOptions): Future<Step<ReceivedDatagram<A>>>;
    /** Datagram by datagram, until the endpoint is closed; leaving early leaves it open. */
    [Symbol.asyncIterator](): AsyncIterableIterator<ReceivedDatagram<A>, undefined>;
    /** Closes: what was sent still leaves. A wait for a datagram ends with an error. Idempotent. */
    close(): void;
    /** Closes at once: what is unsent is dropped. */
    abort(): void;
    /** Whether it is closing or closed. */
    isClosing(): boolean;
    /** Waits until the socket is closed. Cancel-safe. @throws AbortError when `signal` aborts */
    waitClosed(options?: SignalOptions): Future<void>;
    /** Closes, and waits for that. */
    [Symbol.asyncDispose](): Promise<void>;
    toString(): string;
}
/**
 * Opens a socket for datagrams (UDP, or Unix where an address is a path) in the running loop, for
 * coroutines: `send`, `receive`, `for await`. In TypeScript `openDatagram<string>()` for Unix ones.
 *
 * @throws as `createDatagramEndpoint`
 * @example
 * const endpoint = yield* openDatagram({ remoteAddr: ['127.0.0.1', 9999] });
 * endpoint.send('ping');
 * const { data } = yield* endpoint.receive();
 */
export declare function openDatagram<A extends AnySocketAddress = SocketAddress>(options?: EndpointOptions): Future<DatagramEndpoint<A>>;
