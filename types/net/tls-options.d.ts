import { type Duration } from '../core/support/duration.ts';
import { type Tls } from '../tls/context.ts';
/** What a client may say about TLS. */
export interface ClientTlsOptions {
    /**
     * TLS: true, an object of options with Node's names, or a TlsContext. The certificate of the peer
     * is checked, and nothing is sent to one that is not right. Default: none.
     */
    tls?: Tls;
    /** The name that the certificate must have, in place of the host; '' for any. */
    servername?: string;
    /** How long the handshake may take; default: what the context says, 60 s. */
    handshakeTimeout?: Duration;
}
/** What every server's end may say about TLS. */
export interface ServerTlsOptions {
    /**
     * TLS: an object of options with Node's names (`cert` and `key`, or `pfx`, or `sni`), or a
     * TlsContext, whose `update` concerns new connections. Default: none.
     */
    tls?: Exclude<Tls, true>;
    /** How long a handshake may take; default: what the context says, 60 s. */
    handshakeTimeout?: Duration;
}
