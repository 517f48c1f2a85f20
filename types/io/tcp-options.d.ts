import { type Duration } from '../core/support/duration.ts';
/** How the kernel detects that a silent peer is gone. The system decides what is left out. */
export interface KeepAlive {
    /** How long the peer must be silent before it is probed; rounded up to whole seconds. */
    idle?: Duration;
    /**
     * How long to wait for the answer to a probe before the next one; rounded up to whole seconds.
     */
    interval?: Duration;
    /** Unanswered probes after which the connection fails with `ETIMEDOUT`. */
    count?: number;
}
export interface TcpOptions {
    /** Whether small writes are sent at once (TCP_NODELAY); default true. */
    noDelay?: boolean;
    /** Whether to probe silent peers: true for the system's times; default false. */
    keepAlive?: boolean | KeepAlive;
}
