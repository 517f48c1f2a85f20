import type { Duration } from '../core/support/duration.ts';
import { type AddressOptions, type Port } from '../io/names.ts';
import { type ClientTlsOptions } from './tls-options.ts';
import type { Socket } from '../io/socket.ts';
import { type TcpOptions } from '../io/tcp-options.ts';
/** Options of `createConnection`. */
export interface ConnectionOptions extends AddressOptions, TcpOptions, ClientTlsOptions {
    /** The local address, `[host, port]`; port 0 for any. Default: the system chooses. */
    localAddr?: readonly [host: string, port: Port];
    /**
     * How long an attempt may take before the next address is tried in parallel, as in Happy Eyeballs
     * (RFC 8305); default 250 ms. Null: the next one is tried only when the last has failed.
     */
    happyEyeballsDelay?: Duration | null;
    /**
     * How many addresses of the first family are tried before the families alternate; default 1, or,
     * with `happyEyeballsDelay: null`, 0: the order of the resolver.
     */
    interleave?: number;
    /** Fail with an ExceptionGroup of every attempt's error; default false. */
    allErrors?: boolean;
    /**
     * A connected socket to take over; host and port must then be null. The transport owns it as soon
     * as it exists.
     */
    sock?: Socket;
    /** Aborting it ends the attempt with an AbortError. */
    signal?: AbortSignal;
}
