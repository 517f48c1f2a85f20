import { type ServerTlsOptions } from './tls-options.ts';
/** Options of `connectAcceptedSocket`. */
export interface AcceptedOptions extends ServerTlsOptions {
    /** Aborting it ends the attempt with an AbortError, and closes the connection. */
    signal?: AbortSignal;
}
