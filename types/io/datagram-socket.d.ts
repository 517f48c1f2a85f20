import { TransportSocket } from './transport-socket.ts';
/**
 * The socket under a datagram transport or endpoint: its addresses, and what only datagrams have,
 * with the names of `node:dgram`.
 *
 * @example transport.getExtraInfo('socket').addMembership('239.1.2.3');
 */
export declare class DatagramSocket extends TransportSocket {
    #private;
    private constructor();
    /**
     * Receives what is sent to a group of multicast, on one interface.
     *
     * @param group - a numeric address, for example `'239.1.2.3'` or `'ff02::114'`
     * @param multicastInterface - a name (`'eth0'`) or an address of this machine; default: the
     * system chooses
     * @throws an error with code `EADDRINUSE` for a group it is in already, `ENODEV`, `EINVAL`, …
     */
    addMembership(group: string, multicastInterface?: string): void;
    /** Takes `addMembership` back. @throws an error with code `EADDRNOTAVAIL`, … */
    dropMembership(group: string, multicastInterface?: string): void;
    /** Where multicast leaves: a name or an address of this machine. */
    setMulticastInterface(multicastInterface: string): void;
    /** How many networks multicast crosses, 0 to 255; 1 by default, so it stays in this one. */
    setMulticastTTL(ttl: number): void;
    /** Whether multicast comes back to this machine; true by default. */
    setMulticastLoopback(on: boolean): void;
    /** How many routers a datagram passes at the most, 1 to 255. */
    setTTL(ttl: number): void;
    /** Whether datagrams may go to all of a network; false by default. */
    setBroadcast(on: boolean): void;
}
