import type { Socket } from '../io/socket.ts';
import { type ClientTlsOptions } from './tls-options.ts';
/** What `createUnixConnection` takes beside the path. */
export interface UnixConnectionOptions extends ClientTlsOptions {
    /**
     * A connected socket to take over; path is null then. It is the transport's as soon as that is
     * there.
     */
    sock?: Socket;
    /** Aborting it ends the attempt with an AbortError. */
    signal?: AbortSignal;
}
