import { Duplex } from 'node:stream';
import { Transport } from '../net/index.ts';
/** Options of `toNodeStream`. */
export interface ToNodeOptions {
    /**
     * Whether writing may continue after the peer has ended its side; false by default, as for Node's
     * sockets.
     */
    allowHalfOpen?: boolean;
}
/**
 * Wraps a transport as a Duplex stream of Node, with the methods of `net.Socket` that libraries
 * use. It replaces the transport's protocol: data that the protocol has already received is not in
 * the stream.
 *
 * Nothing is read before the stream is read, and a write completes when the transport accepts more,
 * so `pipe` and `pipeline` have backpressure in both directions. `end()` ends our direction once
 * everything has been sent; `destroy()` drops what has not. A broken connection destroys the stream
 * with an error like Node's (`code`, `errno`, `syscall`).
 *
 * @param transport - of TCP, a Unix socket, TLS or a pipe; for a StreamWriter pass
 *   `writer.transport`
 * @throws TypeError when `transport` is not a Transport, or for wrong options
 * @example
 * const [transport] = yield* createConnection(() => new Protocol(), host, 5432);
 * const client = new pg.Client({ stream: () => toNodeStream(transport) });
 */
export declare function toNodeStream(transport: Transport, options?: ToNodeOptions): TransportStream;
/** The return type of `toNodeStream`: a Duplex that can be used like a connected `net.Socket`. */
export declare class TransportStream extends Duplex {
    #private;
    private constructor();
    /** The wrapped transport. */
    get transport(): Transport;
    /** Always false: it is connected. */
    get connecting(): boolean;
    /** Always false, as for a connected `net.Socket`. */
    get pending(): boolean;
    /** Whether the connection uses TLS. */
    get encrypted(): boolean;
    /** The ALPN protocol agreed on over TLS, or false. */
    get alpnProtocol(): string | false;
    get remoteAddress(): string | undefined;
    get remotePort(): number | undefined;
    get remoteFamily(): string | undefined;
    get localAddress(): string | undefined;
    get localPort(): number | undefined;
    /** The local address, as `net.Socket.address()`. */
    address(): {
        address?: string;
        family?: string;
        port?: number;
    };
    /**
     * Emits 'connect' and 'ready', since it is already connected: for libraries that call `connect`
     * on the socket they are given.
     */
    connect(...args: unknown[]): this;
    /**
     * Sets whether small writes are sent at once; no effect where the transport has no such option.
     */
    setNoDelay(on?: boolean): this;
    /**
     * Sets whether the kernel probes a silent peer; no effect where the transport has no such option.
     */
    setKeepAlive(on?: boolean): this;
    /**
     * Emits `'timeout'` after this many milliseconds without data received or written; 0 turns it
     * off.
     */
    setTimeout(ms: number, listener?: () => void): this;
    /** The time given to `setTimeout`, in milliseconds; 0 when off. */
    get timeout(): number;
    /** Does nothing: the running loop keeps the process alive. */
    ref(): this;
    /** Does nothing, like `ref`. */
    unref(): this;
    toString(): string;
}
