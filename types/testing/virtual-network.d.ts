import { type Duration } from '../core/support/duration.ts';
/** How what is sent between two hosts fares, in both directions. What is left out is 0. */
export interface LinkOptions {
    /** How long a packet takes, one way, in seconds or as `'50ms'`. */
    latency?: Duration | undefined;
    /** Up to this much is added to each packet's latency; datagrams overtake each other then. */
    jitter?: Duration | undefined;
    /**
     * Probability that a packet is lost, from 0 to 1. A datagram is gone then. A stream sends again,
     * as TCP does: after 0.2 s, 0.4 s and so on, and a connect after 1 s, 2 s and so on.
     */
    loss?: number | undefined;
}
/**
 * The simulated network of a {@link VirtualLoop}: `loop.network`. At first everything that is sent
 * arrives at once. Hosts are numeric addresses, and every one exists; a client that is bound to no
 * address (`localAddr`) has that of the server that it connects to. What is given for a link holds
 * for both directions, and for what is sent from then on. A link between two named hosts goes
 * before one of a single host, and that before the default. Randomness is the seed's: the same seed
 * gives the same run.
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
     * Sets all links that have no conditions of their own.
     * @throws TypeError, RangeError for wrong options; RuntimeError when the loop is closed
     */
    setDefault(options: LinkOptions): void;
    /**
     * Sets the link between two hosts.
     * @param other - null for every host
     * @throws TypeError, RangeError for wrong options or what is not the numeric address of a host;
     *   RuntimeError when the loop is closed
     */
    setLink(one: string, other: string | null, options: LinkOptions): void;
    /**
     * Cuts the link between two hosts. Datagrams are lost. Streams hold what is sent, and what was on
     * its way, until the link is repaired; connects wait as well, and fail with ETIMEDOUT after 127
     * s. Neither end is told: only a time limit finds out. May be repeated.
     * @param other - by default every host
     * @throws TypeError, RangeError for what is not the numeric address of a host; RuntimeError when
     *   the loop is closed
     */
    partition(one: string, other?: string | null): void;
    /**
     * Repairs what `partition` has cut between these hosts; without arguments, all.
     * @throws as `partition`
     */
    repair(one?: string | null, other?: string | null): void;
    toString(): string;
}
