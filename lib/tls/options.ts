/** What can be said of TLS, with Node's names where Node has one, and which side each is for. */
import type { KeyObject } from 'node:crypto';
import type { PeerCertificate } from 'node:tls';

import type { Duration } from '../core/support/duration.ts';
import { describe } from '../core/support/describe.ts';
import { checkFlags, checkOptions } from '../core/support/options.ts';
import type { AwaitableLike } from '../core/support/types.ts';
import type { TlsContext } from './context.ts';

/** PEM text, or the bytes of it. */
export type Pem = string | Uint8Array;
/** A private key: PEM, PEM with its own passphrase, or a KeyObject of `node:crypto`. */
export type TlsKey = Pem | KeyObject | { pem: Pem; passphrase?: string };
/** A PKCS#12 archive: its bytes, or these with its own passphrase. */
export type Pfx = Uint8Array | { buf: Uint8Array; passphrase?: string };
export type TlsVersion = 'TLSv1.2' | 'TLSv1.3';
/** What a name of `sni` leads to. */
export type SniTarget = TlsContext | SniCertificates;
/** Finds the certificates for a name that a client asks for; null for the context's own. */
export type SniFunction = (
  servername: string,
) => SniTarget | null | undefined | AwaitableLike<SniTarget | null | undefined>;

/** Whose certificates are shown, and nothing else: what an entry of `sni` may have. */
export interface SniCertificates {
  /** PEM of the certificate and of what signed it, in this order; several for several key types. */
  cert?: Pem | readonly Pem[];
  /** The private key of each certificate, in any order. */
  key?: TlsKey | readonly TlsKey[];
  /** PKCS#12 archives with certificate and key. */
  pfx?: Pfx | readonly Pfx[];
  /** For keys and archives that have none of their own. */
  passphrase?: string;
}

/** Options of a {@link TlsContext}. */
export interface TlsOptions extends SniCertificates {
  /**
   * PEM of the certificates that are trusted, instead of those that the system and Node trust (and
   * `NODE_EXTRA_CA_CERTS`).
   */
  ca?: Pem | readonly Pem[];
  /** PEM of lists of revoked certificates; with one, each issuer in a chain must have its list. */
  crl?: Pem | readonly Pem[];
  /** Names of protocols above TLS, the most wanted first. */
  ALPNProtocols?: readonly string[];
  /** The oldest version that is spoken; `'TLSv1.2'` by default. */
  minVersion?: TlsVersion;
  /** The newest version that is spoken; `'TLSv1.3'` by default. */
  maxVersion?: TlsVersion;
  /** Suites of both versions, separated by `:`, as OpenSSL writes them; Node's by default. */
  ciphers?: string;
  /** Signature algorithms, separated by `:`; OpenSSL's by default. */
  sigalgs?: string;
  /** Names of curves, separated by `:`; `'auto'` by default. */
  ecdhCurve?: string;
  /** Whether a peer whose certificate is not in order is refused; true by default. */
  rejectUnauthorized?: boolean;
  /**
   * SHA-256 fingerprints of the certificates that a peer may have (hex, with or without colons, or
   * 32 bytes). This is asked besides all else; with `rejectUnauthorized: false` it alone counts.
   */
  fingerprints?: string | Uint8Array | readonly (string | Uint8Array)[];
  /** How long a handshake may take; 60 s by default. */
  handshakeTimeout?: Duration;
  /** How long a peer has to answer our goodbye; 30 s by default. */
  shutdownTimeout?: Duration;
  /** Is given each line of a key log (for Wireshark), as Node's event `'keylog'`. */
  keylog?: (line: Buffer) => void;

  /** Client: the name that is asked for and must be in the certificate; by default the host. */
  servername?: string;
  /**
   * Client: whether the certificate is that of the host, in place of Node's check: an error (given
   * back or thrown) says that it is not. Called when the chain is in order.
   */
  checkServerIdentity?: (host: string, certificate: PeerCertificate) => Error | undefined;
  /** Client: a session to go on with, from `getExtraInfo('tlsSession')`. */
  session?: Uint8Array;
  /** Client: ask for a stapled OCSP response, which is `getExtraInfo('ocspResponse')` then. */
  requestOCSP?: boolean;

  /** Server: ask clients for a certificate; with `rejectUnauthorized` they must have a good one. */
  requestCert?: boolean;
  /** Server: our order of suites counts, not the client's; true by default. */
  honorCipherOrder?: boolean;
  /** Server: how long a session can be gone on with; 300 s by default. */
  sessionTimeout?: Duration;
  /** Server: 48 bytes that tickets are made with, to be shared by processes; random by default. */
  ticketKeys?: Uint8Array;
  /**
   * Server: certificates by name, where `*.example.com` stands for one label, or a function, in
   * either lane, which is asked at each handshake.
   */
  sni?: Readonly<Record<string, SniTarget>> | SniFunction;
  /** Server: a stapled OCSP response (DER) for clients that ask. */
  ocspResponse?: Uint8Array;
}

const IDENTITY = ['cert', 'key', 'pfx', 'passphrase'];
const EITHER = [
  ...IDENTITY,
  'ca',
  'crl',
  'ALPNProtocols',
  'minVersion',
  'maxVersion',
  'ciphers',
  'sigalgs',
  'ecdhCurve',
  'rejectUnauthorized',
  'fingerprints',
  'handshakeTimeout',
  'shutdownTimeout',
  'keylog',
];
const CLIENT = ['servername', 'checkServerIdentity', 'session', 'requestOCSP'];
const SERVER = [
  'requestCert',
  'honorCipherOrder',
  'sessionTimeout',
  'ticketKeys',
  'sni',
  'ocspResponse',
];
const ALL: readonly string[] = [...EITHER, ...CLIENT, ...SERVER];
const FLAGS = ['rejectUnauthorized', 'requestOCSP', 'requestCert', 'honorCipherOrder'];

/** Options of `node:tls` that have another name here, or no place. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  SNICallback: "give the function as 'sni'",
  secureContext: 'a SecureContext of node:tls cannot be shared; give a TlsContext in its place',
  secureProtocol: "say 'minVersion' and 'maxVersion'",
  host: 'it is an argument of the call',
  port: 'it is an argument of the call',
  isServer: 'the call says which side it is',
};

/** Which side of a connection options are used on. */
export type Side = 'client' | 'server';

/**
 * @param where - the call, for messages
 * @throws TypeError for anything but an object, and for names that no option has
 */
export function checkTlsOptions(where: string, options: unknown): asserts options is TlsOptions {
  refuseSecureContext(where, options);
  if (typeof options === 'object' && options !== null) {
    for (const [name, hint] of Object.entries(ELSEWHERE)) {
      if ((options as Record<string, unknown>)[name] === undefined) continue;
      throw new TypeError(`${where}: there is no option '${name}': ${hint}`);
    }
  }
  checkOptions(where, options, ALL);
  checkFlags(where, options as object, FLAGS);
}

/** The same for an entry of `sni`, which has certificates and nothing else. */
export function checkSniOptions(
  where: string,
  options: unknown,
): asserts options is SniCertificates {
  refuseSecureContext(where, options);
  checkOptions(where, options, IDENTITY);
}

/** @throws TypeError when an option is given that the side knows nothing of */
export function checkSide(where: string, options: TlsOptions, side: Side): void {
  for (const name of side === 'client' ? SERVER : CLIENT) {
    if (options[name as keyof TlsOptions] === undefined) continue;
    const other = side === 'client' ? 'server' : 'client';
    throw new TypeError(`${where}: '${name}' is for a ${other}, and this is a ${side}`);
  }
}

/** Taken apart or shared, it would crash the process: it belongs to Node's own OpenSSL objects. */
function refuseSecureContext(where: string, value: unknown): void {
  if (typeof value !== 'object' || value === null || !('context' in value)) return;
  if (value.constructor?.name !== 'SecureContext') return;
  throw new TypeError(
    `${where}: a SecureContext of node:tls cannot be shared; make a TlsContext of its options`,
  );
}

/** What `value` must have been, for the messages of this room. */
export function badOption(where: string, name: string, wanted: string, value: unknown): TypeError {
  return new TypeError(`${where}: ${name} must be ${wanted}, got ${describe(value)}`);
}
