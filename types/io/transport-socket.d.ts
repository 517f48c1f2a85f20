/** Where a socket is: `[host, port]`, the host numeric. */
export type SocketAddress = readonly [host: string, port: number];
/**
 * A look at the socket under a transport or a server: its addresses, number and options. Reading,
 * writing and closing stay with the transport.
 *
 * @example const [host, port] = server.sockets[0].getsockname();
 */
export declare class TransportSocket {
    #private;
    private constructor();
    /** 4 or 6. Throws once the socket is closed. */
    get family(): 4 | 6;
    /** The address of our end. Throws once the socket is closed. */
    getsockname(): SocketAddress;
    /** The address of the peer. Throws once the socket is closed, or when it has no peer. */
    getpeername(): SocketAddress;
    /** The address of our end in the shape of `node:net`. */
    address(): {
        address: string;
        family: 'IPv4' | 'IPv6';
        port: number;
    };
    /** The descriptor's number, -1 once it is closed. */
    fileno(): number;
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
