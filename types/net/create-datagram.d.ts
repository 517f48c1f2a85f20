import { type AddressOptions, type Family, type Port } from '../io/names.ts';
import { Socket } from '../io/socket.ts';
/** What a socket has to do with multicast. */
export interface MulticastOptions {
    /** Groups to receive from, numeric: `'239.1.2.3'`; one or several. */
    groups?: string | readonly string[];
    /** A name (`'eth0'`) or an address of this machine; default: the system chooses. */
    interface?: string;
    /** How many networks what is sent to a group crosses, 0 to 255; default 1. */
    ttl?: number;
    /** Whether it comes back to this machine; default true. */
    loopback?: boolean;
}
/** One end: `[host, port]`, or the path of a Unix socket. */
export type DatagramEnd = readonly [host: string | null, port: Port] | string;
/** What `createDatagramEndpoint` takes. */
export interface DatagramOptions extends Omit<AddressOptions, 'family'> {
    /**
     * 4 or 6 for only those; 0 (default) for both. `'unix'` for Unix sockets, which addresses say by
     * themselves that have a `/` or begin with a NUL.
     */
    family?: Family | 'unix';
    /**
     * Our own end, `[host, port]`; host null for every interface, port 0 for any free one. Or the
     * path of a Unix socket (after a NUL an abstract name, Linux), whose file replaces that of
     * another socket. Default: the system chooses; a Unix socket has none then, and cannot be
     * answered.
     */
    localAddr?: DatagramEnd | null;
    /**
     * Whom to send to. The socket is connected to it, so it receives from there alone and hears when
     * there is nobody (`ECONNREFUSED`); but with `broadcast` it is not.
     */
    remoteAddr?: DatagramEnd | null;
    /**
     * A socket of datagrams to take over, bound and connected as it is. It is the transport's as soon
     * as that is there. No other option but `signal` goes with it.
     */
    sock?: Socket;
    /**
     * Remove the file of a Unix socket when it is closed, unless another one stands in its place by
     * then; default true.
     */
    cleanupSocket?: boolean;
    /** Share the port with other sockets that say the same; default false. */
    reusePort?: boolean;
    /** Take a port that other sockets have, too, as those for multicast do; default false. */
    reuseAddress?: boolean;
    /** Whether datagrams may go to all of a network (`'<broadcast>'`); default false. */
    broadcast?: boolean;
    /** A socket of IPv6 takes IPv6 only; default: as the system has it. */
    ipv6Only?: boolean;
    /** Groups and how to send to them. */
    multicast?: MulticastOptions;
    /** Aborting it ends the attempt with an AbortError. */
    signal?: AbortSignal;
}
