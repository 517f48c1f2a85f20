/** The TLS options, with Node's names where Node has them, and the side that each is for. */
import type { KeyObject } from 'node:crypto';
import type { PeerCertificate } from 'node:tls';
import type { Duration } from '../core/support/duration.ts';
import type { AwaitableLike } from '../core/support/types.ts';
import type { TlsContext } from './context.ts';
/** PEM as text or bytes. */
export type Pem = string | Uint8Array;
/** A private key: PEM, PEM with its own passphrase, or a KeyObject of `node:crypto`. */
export type TlsKey = Pem | KeyObject | {
    pem: Pem;
    passphrase?: string;
};
/** A PKCS#12 archive: its bytes, alone or with their own passphrase. */
export type Pfx = Uint8Array | {
    buf: Uint8Array;
    passphrase?: string;
};
export type TlsVersion = 'TLSv1.2' | 'TLSv1.3';
/** A value of the `sni` table. */
export type SniTarget = TlsContext | SniCertificates;
/** Finds the certificates for a name requested by a client; null for the context's own. */
export type SniFunction = (servername: string) => SniTarget | null | undefined | AwaitableLike<SniTarget | null | undefined>;
/** Certificates, and nothing else; also the options of an entry of `sni`. */
export interface SniCertificates {
    /**
     * PEM of the certificate, followed by its issuers; an array for certificates with keys of several
     * types.
     */
    cert?: Pem | readonly Pem[];
    /** The private key of each certificate, in any order. */
    key?: TlsKey | readonly TlsKey[];
    /** PKCS#12 archives with certificate and key. */
    pfx?: Pfx | readonly Pfx[];
    /** For encrypted keys and archives without a passphrase of their own. */
    passphrase?: string;
}
/** Options of a {@link TlsContext}. */
export interface TlsOptions extends SniCertificates {
    /**
     * PEM of the trusted certificates, in place of those trusted by the system and by Node (including
     * `NODE_EXTRA_CA_CERTS`).
     */
    ca?: Pem | readonly Pem[];
    /**
     * PEM of certificate revocation lists; if any is given, every issuer in a chain must have one.
     */
    crl?: Pem | readonly Pem[];
    /** Names of protocols on top of TLS, the preferred one first. */
    ALPNProtocols?: readonly string[];
    /** The oldest version to accept; default `'TLSv1.2'`. */
    minVersion?: TlsVersion;
    /** The newest version to accept; default `'TLSv1.3'`. */
    maxVersion?: TlsVersion;
    /** Cipher suites for both versions, separated by `:`, with OpenSSL's names; default: Node's. */
    ciphers?: string;
    /** Signature algorithms, separated by `:`; default: OpenSSL's. */
    sigalgs?: string;
    /** Names of curves, separated by `:`; default `'auto'`. */
    ecdhCurve?: string;
    /**
     * Whether a peer is refused if its certificate (on a client, also its name) cannot be verified;
     * default true.
     */
    rejectUnauthorized?: boolean;
    /**
     * SHA-256 fingerprints of the certificates that a peer may have (hex, with or without colons, or
     * 32 bytes). Checked in addition to everything else; with `rejectUnauthorized: false`, instead of
     * it.
     */
    fingerprints?: string | Uint8Array | readonly (string | Uint8Array)[];
    /** How long a handshake may take; default 60 s. */
    handshakeTimeout?: Duration;
    /** How long unsent data and close_notify may take when closing; default 30 s. */
    shutdownTimeout?: Duration;
    /** Called with each line of the key log (for Wireshark), like Node's event `'keylog'`. */
    keylog?: (line: Buffer) => void;
    /**
     * Client: the name to request and to expect in the certificate; default: the host. With `''` no
     * name is requested, and the name in the certificate is not checked.
     */
    servername?: string;
    /**
     * Client: checks that the certificate is that of the host, in place of Node's check. An error,
     * returned or thrown, refuses it. Called only for a valid chain.
     */
    checkServerIdentity?: (host: string, certificate: PeerCertificate) => Error | undefined;
    /** Client: a session to resume, from `getExtraInfo('tlsSession')`. */
    session?: Uint8Array;
    /** Client: ask for a stapled OCSP response, then available as `getExtraInfo('ocspResponse')`. */
    requestOCSP?: boolean;
    /**
     * Server: ask clients for a certificate; with `rejectUnauthorized` a valid one is required;
     * default false.
     */
    requestCert?: boolean;
    /** Server: choose by our order of suites, not the client's; default true. */
    honorCipherOrder?: boolean;
    /** Server: how long a session can be resumed; default 300 s. */
    sessionTimeout?: Duration;
    /**
     * Server: the 48 bytes of keys for session tickets, which several processes can share; default:
     * random.
     */
    ticketKeys?: Uint8Array;
    /**
     * Server: certificates by name, where the star of `*.example.com` stands for one label; or a
     * function, in either lane, that is called at each handshake.
     */
    sni?: Readonly<Record<string, SniTarget>> | SniFunction;
    /** Server: a stapled OCSP response (DER) for clients that ask for it. */
    ocspResponse?: Uint8Array;
}
