import { type AskedOption, type SocketOption } from './socket-options.ts';
/** Where a socket is: `[host, port]`, the host numeric. */
export type SocketAddress = readonly [host: string, port: number];
/** `[host, port]`, or the path of a Unix socket (empty when it has none). */
export type AnySocketAddress = SocketAddress | string;
/**
 * A look at the socket under a transport or a server: its addresses, number and options. Reading,
 * writing and closing stay with the transport.
 *
 * @example const [host, port] = server.sockets[0].getsockname();
 */
export declare class TransportSocket {
    #private;
    protected constructor();
    /** 4, 6 or `'unix'`. Throws once the socket is closed. */
    get family(): 4 | 6 | 'unix';
    /**
     * The address of our end: `[host, port]`, or the path of a Unix socket (as
     * `getsockname<string>()` in TypeScript). Throws once the socket is closed.
     */
    getsockname<A extends AnySocketAddress = SocketAddress>(): A;
    /** The address of the peer, likewise. Throws once it is closed, or when it has no peer. */
    getpeername<A extends AnySocketAddress = SocketAddress>(): A;
    /** The address of our end in the shape of `node:net`; of a Unix socket its path, and port 0. */
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
    /** Whether the kernel probes a silent peer (default false). */
    setKeepAlive(on?: boolean): void;
    /** Size in bytes of the kernel's receive buffer. */
    setReceiveBufferSize(bytes: number): void;
    /** Size in bytes of the kernel's send buffer. */
    setSendBufferSize(bytes: number): void;
    toString(): string;
}
