import { TransportSocket } from './transport-socket.ts';
/**
 * The socket of a datagram transport or endpoint: its addresses, and the settings that only
 * datagram sockets have, under the names of `node:dgram`.
 *
 * @example transport.getExtraInfo('socket').addMembership('239.1.2.3');
 */
export declare class DatagramSocket extends TransportSocket {
    #private;
    private constructor();
    /**
     * Joins a multicast group on one interface.
     *
     * @param group - a numeric address, for example `'239.1.2.3'` or `'ff02::114'`
     * @param multicastInterface - a name (`'eth0'`) or an address of this machine; default: the
     * system chooses
     * @throws an error with code `EADDRINUSE` for a group it has already joined, `ENODEV`, `EINVAL`,
     * …
     */
    addMembership(group: string, multicastInterface?: string): void;
    /** Leaves a multicast group. @throws an error with code `EADDRNOTAVAIL`, … */
    dropMembership(group: string, multicastInterface?: string): void;
    /** Sets the interface for outgoing multicast: its name, or an address of this machine. */
    setMulticastInterface(multicastInterface: string): void;
    /** How many hops multicast may take, 0 to 255; 1 by default: it stays in this network. */
    setMulticastTTL(ttl: number): void;
    /** Whether outgoing multicast is also delivered on this machine; true by default. */
    setMulticastLoopback(on: boolean): void;
    /** How many hops a datagram may take, 1 to 255. */
    setTTL(ttl: number): void;
    /** Whether sending to broadcast addresses is allowed; false by default. */
    setBroadcast(on: boolean): void;
}
