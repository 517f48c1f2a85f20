import { type AskedOption, type SocketOption } from './socket-options.ts';
/** A socket's address: `[host, port]`, the host numeric. */
export type SocketAddress = readonly [host: string, port: number];
/** `[host, port]`, or the path of a Unix socket (empty when it has none). */
export type AnySocketAddress = SocketAddress | string;
/**
 * A limited view of the socket of a transport or a server: its addresses, descriptor number and
 * options. Reading, writing and closing are done by the transport.
 *
 * @example const [host, port] = server.sockets[0].getsockname();
 */
export declare class TransportSocket {
    #private;
    protected constructor();
    /** 4, 6 or `'unix'`. Throws once the socket is closed. */
    get family(): 4 | 6 | 'unix';
    /**
     * The local address: `[host, port]`, or the path of a Unix socket (as `getsockname<string>()` in
     * TypeScript). Throws once the socket is closed.
     */
    getsockname<A extends AnySocketAddress = SocketAddress>(): A;
    /** The address of the peer, likewise. Throws once it is closed, or when it has no peer. */
    getpeername<A extends AnySocketAddress = SocketAddress>(): A;
    /** The local address in the format of `node:net`; for a Unix socket its path, with port 0. */
    address(): {
        address: string;
        family: 'IPv4' | 'IPv6' | 'unix';
        port: number;
    };
    /** The descriptor's number, -1 once it is closed. */
    fileno(): number;
    /**
     * Sets an option, as `Socket.setsockopt` does: `keepIdle`, `linger`, `userTimeout`, …
     * @throws RangeError or TypeError when there is no such option or value; an error with code
     * `ENOPROTOOPT` when this socket or system has it not, `EBADF` once it is closed
     */
    setsockopt(name: SocketOption, value: boolean | number | null): void;
    /** The value of an option: true or false, a number, or null for no `linger`. */
    getsockopt(name: AskedOption): boolean | number | null;
    /** Whether small writes leave at once (default true) or wait for more. */
    setNoDelay(on?: boolean): void;
    /** Sets whether the kernel probes a silent peer (SO_KEEPALIVE); off by default. */
    setKeepAlive(on?: boolean): void;
    /** Sets the size of the kernel's receive buffer, in bytes. */
    setReceiveBufferSize(bytes: number): void;
    /** Sets the size of the kernel's send buffer, in bytes. */
    setSendBufferSize(bytes: number): void;
    toString(): string;
}
