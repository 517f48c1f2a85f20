/**
 * Checks the options and converts them to one plain record, from which the native layer and the
 * fallback create their contexts. Every error in the options is reported before the record exists.
 */
import { describe, quoted } from '../core/support/describe.ts';
import type { PeerCertificate } from 'node:tls';

import type { Future } from '../core/future/future.ts';
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { toSeconds } from '../core/support/duration.ts';
import { type Archive, type Identity, identityOf, isNobody, type KeyPair } from './identity.ts';
import { badOption, checkTlsOptions, type Pem, type TlsOptions } from './options.ts';
import { blocksOf, certificatesOf, listOf, pemText, unreadable } from './pem.ts';
import { checkFingerprints } from './fingerprints.ts';
import { defaultRoots } from './roots.ts';

export const TLS_1_2 = 0x0303;
export const TLS_1_3 = 0x0304;

/** Settings for both implementations; frozen. An update of a context creates new ones. */
export interface TlsSettings {
  /** Certificates with their keys, at most one for each type of key. */
  readonly pairs: readonly KeyPair[];
  /** PKCS#12 archives, added after the pairs. Certificates in them are not trusted as roots. */
  readonly archives: readonly Archive[];
  /** PEM of each trusted certificate; null for the default; see `trustedBy()`. */
  readonly ca: readonly string[] | null;
  /** PEM of each list. If not empty, every issuer must have one (X509_V_FLAG_CRL_CHECK_ALL). */
  readonly crl: readonly string[];
  /** In wire format: for each name a length byte and the name; empty for none. */
  readonly alpn: Buffer;
  readonly minVersion: typeof TLS_1_2 | typeof TLS_1_3;
  readonly maxVersion: typeof TLS_1_2 | typeof TLS_1_3;
  /** The suites up to TLS 1.2, for SSL_CTX_set_cipher_list; empty if there are none. */
  readonly cipherList: string;
  /** The suites of TLS 1.3, for SSL_CTX_set_ciphersuites; empty if there are none. */
  readonly cipherSuites: string;
  /** For SSL_CTX_set1_sigalgs_list; null for OpenSSL's default. */
  readonly sigalgs: string | null;
  /** For SSL_CTX_set1_curves_list; null for OpenSSL's default. */
  readonly curves: string | null;
  /** Server: whether clients are asked for a certificate. A client always verifies the server's. */
  readonly requestCert: boolean;
  /** Whether a peer is refused if its chain (or, on a client, the name) cannot be verified. */
  readonly rejectUnauthorized: boolean;
  /** SHA-256 of the certificates that a peer may have, 32 bytes each; empty for any. */
  readonly fingerprints: readonly Buffer[];
  /** Server: whether our order of suites is used. */
  readonly honorCipherOrder: boolean;
  /** Server: in whole seconds. */
  readonly sessionTimeout: number;
  /** Server: 48 bytes (name, HMAC key and AES key, 16 each); null for random ones. */
  readonly ticketKeys: Buffer | null;
  /** Client: a session to resume, in DER; null for none. */
  readonly session: Buffer | null;
  /** Client: null for the host's name; empty for none (neither SNI nor a check of the name). */
  readonly servername: string | null;
  /** Client: replaces the check of the name; null for Node's. */
  readonly checkServerIdentity: CheckIdentity | null;
  readonly requestOCSP: boolean;
  /** Server: in DER, stapled for clients that ask for it; null for none. */
  readonly ocspResponse: Buffer | null;
  /** Server: certificates by name; null when all names get the same. */
  readonly sni: SniLookup | null;
  readonly keylog: ((line: Buffer) => void) | null;
  /** In seconds. */
  readonly handshakeTimeout: number;
  /** In seconds. */
  readonly shutdownTimeout: number;
  /** The original options, which an update adds to. */
  readonly options: TlsOptions;
  /**
   * The same object in all settings of one context: the key, in a WeakMap, for what must survive an
   * update (random ticket keys, sessions).
   */
  readonly lineage: object;
}

/** A context, whose settings may be replaced later. */
export interface HasSettings {
  readonly _settings: TlsSettings;
}

/** Finds the certificates for a name. */
export interface SniLookup {
  /**
   * The settings whose certificates (`pairs` and `archives`, nothing else) are shown; null for the
   * context's own; without any, the handshake ends with the alert unrecognized_name. An error,
   * thrown or of the future, also ends the handshake.
   */
  find(
    servername: string,
    loop: AbstractEventLoop,
  ): TlsSettings | null | Future<TlsSettings | null>;
}

/** An error, returned or thrown, refuses the certificate. */
export type CheckIdentity = (host: string, certificate: PeerCertificate) => Error | undefined;

/**
 * Checks options and converts them.
 * @param where - the call, for error messages
 * @param lineage - that of the context
 * @param sni - the parsed `options.sni`
 * @throws TypeError when an option is unknown or a value is of the wrong type
 * @throws RangeError when a value cannot be used: PEM, keys, names of suites, …
 */
export function settingsOf(
  where: string,
  options: TlsOptions,
  lineage: object,
  sni: SniLookup | null,
): TlsSettings {
  checkTlsOptions(where, options);
  const identity = identityOf(where, options);
  const suites = suitesOf(where, options.ciphers);
  const [minVersion, maxVersion] = spoken(suites, versionsOf(where, options));
  const settings: TlsSettings = {
    ...identity,
    ca: trustOf(where, options),
    crl: listsOf(where, options),
    alpn: alpnOf(where, options.ALPNProtocols),
    minVersion,
    maxVersion,
    ...suites,
    sigalgs: textOf(where, 'sigalgs', options.sigalgs),
    curves: options.ecdhCurve === 'auto' ? null : textOf(where, 'ecdhCurve', options.ecdhCurve),
    requestCert: options.requestCert ?? false,
    rejectUnauthorized: options.rejectUnauthorized ?? true,
    fingerprints: checkFingerprints(where, options.fingerprints),
    honorCipherOrder: options.honorCipherOrder ?? true,
    sessionTimeout: Math.round(secondsOf(where, options, 'sessionTimeout', 300)),
    ticketKeys: ticketKeysOf(where, options.ticketKeys),
    session: bytesOf(where, 'session', options.session),
    servername: serverNameOf(where, options.servername),
    checkServerIdentity: functionOf(where, 'checkServerIdentity', options.checkServerIdentity),
    requestOCSP: options.requestOCSP ?? false,
    ocspResponse: bytesOf(where, 'ocspResponse', options.ocspResponse),
    sni,
    keylog: functionOf(where, 'keylog', options.keylog),
    handshakeTimeout: secondsOf(where, options, 'handshakeTimeout', 60),
    shutdownTimeout: secondsOf(where, options, 'shutdownTimeout', 30),
    options,
    lineage,
  };
  tryOut(where, settings);
  return Object.freeze(settings);
}

/** PEM of all trusted certificates. The default list is always the same array. */
export function trustedBy(settings: TlsSettings): readonly string[] {
  return settings.ca ?? defaultRoots();
}

/** Whether a server with these settings has a certificate for some name. */
export function hasCertificate(settings: TlsSettings): boolean {
  return settings.sni !== null || !isNobody(settings as Identity);
}

/**
 * The options of a Node context. Used by the fallback, and by `tryOut` to find out whether OpenSSL
 * knows the suites and accepts the strength of the keys.
 */
export function nodeOptions(settings: TlsSettings): import('node:tls').SecureContextOptions {
  const { pairs, archives, sigalgs, curves, crl, ticketKeys } = settings;
  const options: import('node:tls').SecureContextOptions = {
    minVersion: settings.minVersion === TLS_1_3 ? 'TLSv1.3' : 'TLSv1.2',
    maxVersion: settings.maxVersion === TLS_1_3 ? 'TLSv1.3' : 'TLSv1.2',
    ciphers: [settings.cipherSuites, settings.cipherList].filter(Boolean).join(':'),
    honorCipherOrder: settings.honorCipherOrder,
    sessionTimeout: settings.sessionTimeout,
    secureOptions: process.getBuiltinModule('node:crypto').constants.SSL_OP_NO_RENEGOTIATION,
  };
  if (pairs.length > 0) {
    options.cert = pairs.map(({ chain }) => chain);
    options.key = pairs.map(({ key }) => key);
  }
  if (archives.length > 0) {
    options.pfx = archives.map(({ data, passphrase }) => ({ buf: data, passphrase }));
  }
  if (sigalgs !== null) options.sigalgs = sigalgs;
  if (curves !== null) options.ecdhCurve = curves;
  if (crl.length > 0) options.crl = [...crl];
  if (ticketKeys !== null) options.ticketKeys = ticketKeys;
  return options;
}

const ENTRIES: readonly [option: string, of: (message: string) => boolean][] = [
  ['ciphers', (message) => /no cipher match/i.test(message)],
  ['ecdhCurve', (message) => /curve/i.test(message)],
  ['cert', (message) => /too small|too weak|md too/i.test(message)],
];

/** Creates a Node context, to report settings that OpenSSL rejects, with the option at fault. */
function tryOut(where: string, settings: TlsSettings): void {
  const { createSecureContext } = process.getBuiltinModule('node:tls');
  const options = nodeOptions(settings);
  try {
    // No authorities: reading all of them again would take milliseconds.
    createSecureContext({ ...options, ca: [] });
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const named = ENTRIES.find(([, of]) => of(message))?.[0];
    const name = named ?? (settings.sigalgs === null ? 'the options' : 'sigalgs');
    throw unreadable(where, name, `OpenSSL does not take it`, error);
  }
}

function trustOf(where: string, options: TlsOptions): string[] | null {
  if (options.ca === undefined) return null;
  return listOf<Pem>(options.ca as Pem | Pem[]).flatMap((pem) =>
    certificatesOf(where, 'ca', pem).map(({ pem: text }) => `${text}\n`),
  );
}

function listsOf(where: string, options: TlsOptions): string[] {
  return listOf<Pem>(options.crl as Pem | Pem[] | undefined).flatMap((pem) => {
    const blocks = blocksOf(pemText(where, 'crl', pem), /^X509 CRL$/);
    if (blocks.length > 0) return blocks.map((block) => checkList(where, `${block}\n`));
    throw unreadable(where, 'crl', 'there is no list of revoked certificates in PEM in it', null);
  });
}

function checkList(where: string, crl: string): string {
  try {
    process.getBuiltinModule('node:tls').createSecureContext({ crl, ca: [] });
    return crl;
  } catch (error) {
    throw unreadable(where, 'crl', 'it is damaged', error);
  }
}

const VERSIONS: Readonly<Record<string, typeof TLS_1_2 | typeof TLS_1_3>> = {
  'TLSv1.2': TLS_1_2,
  'TLSv1.3': TLS_1_3,
};

function versionsOf(
  where: string,
  { minVersion = 'TLSv1.2', maxVersion = 'TLSv1.3' }: TlsOptions,
): [typeof TLS_1_2 | typeof TLS_1_3, typeof TLS_1_2 | typeof TLS_1_3] {
  const versions = { minVersion, maxVersion };
  for (const [name, value] of Object.entries(versions)) {
    if (typeof value === 'string' && Object.hasOwn(VERSIONS, value)) continue;
    const reason = badOption(where, name, "'TLSv1.2' or 'TLSv1.3'", value).message;
    throw typeof value === 'string' ? new RangeError(reason) : new TypeError(reason);
  }
  const [min, max] = [VERSIONS[minVersion]!, VERSIONS[maxVersion]!];
  if (min > max) {
    throw new RangeError(`${where}: minVersion ${minVersion} is above maxVersion ${maxVersion}`);
  }
  return [min, max];
}

/** Drops a version that has no suites, as Node does; otherwise OpenSSL would fail. */
function spoken(
  { cipherList, cipherSuites }: Pick<TlsSettings, 'cipherList' | 'cipherSuites'>,
  [min, max]: ReturnType<typeof versionsOf>,
): ReturnType<typeof versionsOf> {
  if (min === max) return [min, max];
  if (cipherSuites === '') return [TLS_1_2, TLS_1_2];
  return cipherList === '' ? [TLS_1_3, TLS_1_3] : [min, max];
}

/** Splits the suites: OpenSSL has one list for TLS 1.3 and one for older versions. */
function suitesOf(
  where: string,
  given: string | undefined,
): Pick<TlsSettings, 'cipherList' | 'cipherSuites'> {
  const ciphers =
    textOf(where, 'ciphers', given) ?? process.getBuiltinModule('node:tls').DEFAULT_CIPHERS;
  const names = ciphers.split(':').filter((name) => name !== '');
  const isNew = (name: string): boolean => name.startsWith('TLS_');
  return {
    cipherList: names.filter((name) => !isNew(name)).join(':'),
    cipherSuites: names.filter(isNew).join(':'),
  };
}

function alpnOf(where: string, names: unknown): Buffer {
  if (names === undefined) return Buffer.alloc(0);
  if (!Array.isArray(names)) throw badOption(where, 'ALPNProtocols', 'a list of names', names);
  return Buffer.concat(
    names.flatMap((name) => {
      if (typeof name !== 'string') {
        throw badOption(where, 'ALPNProtocols', 'a list of strings', names);
      }
      const bytes = Buffer.from(name, 'latin1');
      if (bytes.length > 0 && bytes.length < 256) return [Buffer.of(bytes.length), bytes];
      throw new RangeError(
        `${where}: ALPNProtocols: a name has 1 to 255 bytes, not ${bytes.length}`,
      );
    }),
  );
}

function textOf(where: string, name: string, value: unknown): string | null {
  if (value === undefined) return null;
  if (typeof value !== 'string') throw badOption(where, name, 'a string', value);
  if (value === '') throw new RangeError(`${where}: ${name} is empty`);
  return value;
}

/** The name of a host; an IP address is accepted but not requested, as in Node. */
function serverNameOf(where: string, name: unknown): string | null {
  if (name === undefined) return null;
  if (typeof name !== 'string') throw badOption(where, 'servername', 'a string', name);
  if (/[\0\s]/.test(name) || name.length > 255) {
    throw new RangeError(`${where}: servername ${quoted(name)} is no name of a host`);
  }
  return name;
}

function functionOf<F>(where: string, name: string, value: F | undefined): F | null {
  if (value === undefined) return null;
  if (typeof value !== 'function') throw badOption(where, name, 'a function', value);
  return value;
}

/** A copy: the caller may reuse the memory. */
function bytesOf(where: string, name: string, value: unknown): Buffer | null {
  if (value === undefined) return null;
  if (!ArrayBuffer.isView(value)) throw badOption(where, name, 'bytes', value);
  return Buffer.from(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
}

function ticketKeysOf(where: string, value: unknown): Buffer | null {
  const keys = bytesOf(where, 'ticketKeys', value);
  if (keys === null || keys.length === 48) return keys;
  throw new RangeError(`${where}: ticketKeys must have 48 bytes, not ${keys.length}`);
}

function secondsOf(
  where: string,
  options: TlsOptions,
  name: 'handshakeTimeout' | 'shutdownTimeout' | 'sessionTimeout',
  fallback: number,
): number {
  const value = options[name];
  if (value === undefined) return fallback;
  const seconds = toSeconds(value, `${where}: ${name}`);
  if (seconds > 0) return seconds;
  throw new RangeError(`${where}: ${name} must be more than 0, not ${describe(value)}`);
}
