import type { Duration } from '../core/support/duration.ts';
import { type AddressOptions, type Port } from '../io/names.ts';
import { type ClientTlsOptions } from './tls-options.ts';
import type { Socket } from '../io/socket.ts';
import { type TcpOptions } from '../io/tcp-options.ts';
/** What `createConnection` takes beside host and port. */
export interface ConnectionOptions extends AddressOptions, TcpOptions, ClientTlsOptions {
    /** Our own end, `[host, port]`; port 0 for any. Default: the system chooses. */
    localAddr?: readonly [host: string, port: Port];
    /**
     * How long an attempt may take before the next address is tried beside it, as Happy Eyeballs
     * does (RFC 8305); default 250 ms. Null: the next one is tried when the last has failed.
     */
    happyEyeballsDelay?: Duration | null;
    /** Addresses of one family in a row before the other; default: 1, with no delay as found. */
    interleave?: number;
    /** Fail with an ExceptionGroup of every attempt's error; default false. */
    allErrors?: boolean;
    /**
     * A connected socket to take over; host and port are null then. It is the transport's as soon as
     * that is there.
     */
    sock?: Socket;
    /** Aborting it ends the attempt with an AbortError. */
    signal?: AbortSignal;
}
