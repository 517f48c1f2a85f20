import { type AddressOptions, type Family, type Port } from '../io/names.ts';
import { Socket } from '../io/socket.ts';
/** Multicast options of a datagram socket. */
export interface MulticastOptions {
    /** Numeric addresses of one or several groups to join: `'239.1.2.3'`. */
    groups?: string | readonly string[];
    /** Interface: its name (`'eth0'`) or an address of this machine; default: the system chooses. */
    interface?: string;
    /** How many hops datagrams to a group may take, 0 to 255; default 1. */
    ttl?: number;
    /** Whether they are also delivered on this machine; default true. */
    loopback?: boolean;
}
/** One end: `[host, port]`, or the path of a Unix socket. */
export type DatagramEnd = readonly [host: string | null, port: Port] | string;
/** Options of `createDatagramEndpoint`. */
export interface DatagramOptions extends Omit<AddressOptions, 'family'> {
    /**
     * 4 or 6 for only those; 0 (default) for both. `'unix'` for Unix sockets; not needed when an
     * address has a `/` or begins with a NUL.
     */
    family?: Family | 'unix';
    /**
     * The local address, `[host, port]`; host null for every interface, port 0 for any free one. Or
     * the path of a Unix socket (or a NUL and an abstract name, Linux); a stale socket file there is
     * replaced. Default: the system chooses; a Unix socket then has no address, and cannot be
     * answered.
     */
    localAddr?: DatagramEnd | null;
    /**
     * The address to send to. The socket is connected to it, so it receives only from there and
     * reports when nobody listens there (`ECONNREFUSED`); with `broadcast` it is not connected.
     */
    remoteAddr?: DatagramEnd | null;
    /**
     * A datagram socket to take over, bound and connected as it is. The transport owns it as soon as
     * it exists. Only `signal` may be given together with it.
     */
    sock?: Socket;
    /**
     * Remove the file of a Unix socket when it is closed, unless another file has replaced it by
     * then; default true.
     */
    cleanupSocket?: boolean;
    /** Share the port with other sockets that set this too (SO_REUSEPORT); default false. */
    reusePort?: boolean;
    /** Allow a port that other sockets use too, as is usual for multicast; default false. */
    reuseAddress?: boolean;
    /** Whether sending to broadcast addresses (`'<broadcast>'`) is allowed; default false. */
    broadcast?: boolean;
    /** Whether an IPv6 socket refuses IPv4; default: the system's setting. */
    ipv6Only?: boolean;
    /** Groups to join, and how to send to them. */
    multicast?: MulticastOptions;
    /** Aborting it ends the attempt with an AbortError. */
    signal?: AbortSignal;
}
