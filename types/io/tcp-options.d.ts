import { type Duration } from '../core/support/duration.ts';
/** How the kernel finds out that a silent peer is gone. What is left out, the system decides. */
export interface KeepAlive {
    /** How long nothing has come before the peer is probed, in seconds; whole ones, from 1. */
    idle?: Duration;
    /** How long it waits for the answer to a probe before the next one. */
    interval?: Duration;
    /** Probes without an answer after which the connection has failed with `ETIMEDOUT`. */
    count?: number;
}
export interface TcpOptions {
    /** Small writes leave at once, and do not wait for more; default true. */
    noDelay?: boolean;
    /** Probe silent peers: true with the system's times; default false. */
    keepAlive?: boolean | KeepAlive;
}
