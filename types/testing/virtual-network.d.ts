import { type Duration } from '../core/support/duration.ts';
/** The conditions of a link between two hosts, in both directions. Options left out are 0. */
export interface LinkOptions {
    /** The time that a packet takes, one way: seconds, or a string with a unit such as `'50ms'`. */
    latency?: Duration | undefined;
    /**
     * A random time of at most this is added to each packet's latency: seconds, or a string with a
     * unit. Datagrams may then overtake each other.
     */
    jitter?: Duration | undefined;
    /**
     * The probability that a packet is lost, from 0 to 1. A lost datagram is gone. A stream
     * retransmits, as TCP does: after 0.2 s, 0.4 s and so on, and a connect after 1 s, 2 s and so on.
     */
    loss?: number | undefined;
}
/**
 * The simulated network of a {@link VirtualLoop}: `loop.network`. By default everything that is
 * sent arrives at once. Hosts are numeric addresses, and all of them exist; a client that is not
 * bound to an address (`localAddr`) has the address of the server that it connects to. The
 * conditions of a link apply to both directions, and to what is sent from then on. Conditions for
 * two named hosts take precedence over those for one host, and those over the default. Randomness
 * comes from the loop's seed: the same seed gives the same run.
 *
 * @example
 * await runVirtual(function* () {
 *   const { network } = getRunningLoop() as VirtualLoop;
 *   network.setLink('10.0.0.1', '10.0.0.2', { latency: '40ms', jitter: '5ms', loss: 0.01 });
 *   network.partition('10.0.0.1', '10.0.0.2');
 *   yield* sleep(30);
 *   network.repair('10.0.0.1', '10.0.0.2');
 * });
 */
export declare class VirtualNetwork {
    #private;
    private constructor();
    /**
     * Sets the conditions of all links without conditions of their own.
     * @throws TypeError, RangeError for wrong options; RuntimeError when the loop is closed
     */
    setDefault(options: LinkOptions): void;
    /**
     * Sets the conditions of the link between two hosts.
     * @param other - the other host; null for every host
     * @throws TypeError, RangeError for wrong options, or a host that is not a numeric address;
     *   RuntimeError when the loop is closed
     */
    setLink(one: string, other: string | null, options: LinkOptions): void;
    /**
     * Cuts the link between two hosts. Datagrams are lost. Streams hold data sent or in flight until
     * the link is repaired; connects wait as well, and fail with ETIMEDOUT after 127 s. Neither end
     * is notified: only a timeout detects it. May be called again.
     * @param other - the other host; every host by default
     * @throws TypeError, RangeError for a host that is not a numeric address; RuntimeError when the
     *   loop is closed
     */
    partition(one: string, other?: string | null): void;
    /**
     * Repairs what `partition` has cut between these hosts; everything, without arguments.
     * @throws as `partition`
     */
    repair(one?: string | null, other?: string | null): void;
    toString(): string;
}
