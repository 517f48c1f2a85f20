import { type ServerTlsOptions } from './tls-options.ts';
/** What `connectAcceptedSocket` takes. */
export interface AcceptedOptions extends ServerTlsOptions {
    /** Aborting it ends the attempt with an AbortError, and closes the connection. */
    signal?: AbortSignal;
}
