import { type AddressOptions, type Port } from '../io/names.ts';
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
/** What `createDatagramEndpoint` takes. */
export interface DatagramOptions extends AddressOptions {
    /**
     * Our own end, `[host, port]`; host null for every interface, port 0 for any free one. Default:
     * the system chooses.
     */
    localAddr?: readonly [host: string | null, port: Port] | null;
    /**
     * Whom to send to. The socket is connected to it, so it receives from there alone and hears when
     * there is nobody (`ECONNREFUSED`); but with `broadcast` it is not.
     */
    remoteAddr?: readonly [host: string | null, port: Port] | null;
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
