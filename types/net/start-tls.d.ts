import type { Duration } from '../core/support/duration.ts';
/** What `startTls` takes. */
export interface StartTlsOptions {
    /** Whether we are the server; default false (of a writer: whether the connection came to us). */
    serverSide?: boolean;
    /**
     * Client: the name that the certificate must have, '' for any. It must be given, unless the
     * context has one.
     */
    servername?: string;
    /** How long the handshake may take; default: what the context says, 60 s. */
    handshakeTimeout?: Duration;
}
