import { type ClientTlsOptions } from './tls-options.ts';
/** What `createUnixConnection` takes beside the path. */
export interface UnixConnectionOptions extends ClientTlsOptions {
    /** Aborting it ends the attempt with an AbortError. */
    signal?: AbortSignal;
}
