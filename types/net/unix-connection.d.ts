import type { Socket } from '../io/socket.ts';
import { type ClientTlsOptions } from './tls-options.ts';
/** Options of `createUnixConnection`. */
export interface UnixConnectionOptions extends ClientTlsOptions {
    /**
     * A connected socket to take over; path must then be null. The transport owns it as soon as it
     * exists.
     */
    sock?: Socket;
    /** Aborting it ends the attempt with an AbortError. */
    signal?: AbortSignal;
}
