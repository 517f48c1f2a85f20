/** Our own certificates and keys, checked when the options are given. */
import type { KeyObject } from 'node:crypto';

import {
  badOption,
  type Pem,
  type Pfx,
  type SniCertificates,
  type TlsKey,
  type TlsOptions,
} from './options.ts';
import { type Certificate, certificatesOf, crypto, listOf, pemText, unreadable } from './pem.ts';

/** A certificate with its key. */
export interface KeyPair {
  /** PEM: the certificate, followed by its issuers. */
  readonly chain: string;
  /** PEM of the private key (PKCS#8), unencrypted. */
  readonly key: string;
}

/** A PKCS#12 archive that was opened successfully. */
export interface Archive {
  readonly data: Buffer;
  readonly passphrase: string;
}

/** Everything that can be shown to a peer that asks for a certificate. */
export interface Identity {
  readonly pairs: readonly KeyPair[];
  readonly archives: readonly Archive[];
}

/**
 * Checks and pairs certificates and keys.
 * @throws TypeError when something is of the wrong type, or the key is missing
 * @throws RangeError when something cannot be read, or certificates and keys do not match
 */
export function identityOf(where: string, options: SniCertificates | TlsOptions): Identity {
  const { passphrase } = options;
  if (passphrase !== undefined && typeof passphrase !== 'string') {
    // The message must not show the value, which is a secret.
    throw new TypeError(`${where}: passphrase must be a string, got ${typeof passphrase}`);
  }
  const chains = listOf<Pem>(options.cert as Pem | Pem[] | undefined).map((pem) =>
    certificatesOf(where, 'cert', pem),
  );
  const keys = listOf<TlsKey>(options.key as TlsKey | TlsKey[] | undefined).map((key) =>
    keyOf(where, key, passphrase),
  );
  const archives = listOf<Pfx>(options.pfx as Pfx | Pfx[] | undefined).map((pfx) =>
    archiveOf(where, pfx, passphrase),
  );
  if (chains.length > 0 && keys.length === 0) {
    throw new TypeError(`${where}: cert is given, but the key of it is not`);
  }
  return { pairs: pairUp(where, chains, keys), archives };
}

/** Whether there is no certificate. */
export function isNobody({ pairs, archives }: Identity): boolean {
  return pairs.length === 0 && archives.length === 0;
}

function keyOf(where: string, given: TlsKey, fallback: string | undefined): KeyObject {
  if (given instanceof crypto().KeyObject) {
    if (given.type === 'private') return given;
    throw new TypeError(`${where}: key must be a private key, and this is a ${given.type} one`);
  }
  const own = typeof given === 'object' && given !== null && 'pem' in given;
  const text = secretText(where, own ? given.pem : given);
  const passphrase = (own ? given.passphrase : undefined) ?? fallback;
  try {
    return crypto().createPrivateKey(passphrase === undefined ? text : { key: text, passphrase });
  } catch (error) {
    throw unreadable(where, 'key', whyNotRead(text, passphrase), error);
  }
}

function secretText(where: string, pem: unknown): string {
  if (typeof pem === 'string' || ArrayBuffer.isView(pem)) return pemText(where, 'key', pem);
  throw badOption(where, 'key', 'PEM, { pem, passphrase } or a KeyObject', pem);
}

function whyNotRead(text: string, passphrase: string | undefined): string {
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text))
    return 'there is no private key in PEM in it';
  if (!/ENCRYPTED/.test(text)) return 'it is damaged, or of a kind that is not known';
  return passphrase === undefined
    ? 'it is encrypted, and there is no passphrase'
    : 'it cannot be decrypted with this passphrase';
}

function archiveOf(where: string, given: Pfx, fallback: string | undefined): Archive {
  const own = typeof given === 'object' && given !== null && 'buf' in given;
  const bytes: unknown = own ? given.buf : given;
  if (!ArrayBuffer.isView(bytes)) {
    throw badOption(where, 'pfx', 'the bytes of a PKCS#12 archive or { buf, passphrase }', bytes);
  }
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const passphrase = (own ? given.passphrase : undefined) ?? fallback ?? '';
  try {
    process.getBuiltinModule('node:tls').createSecureContext({ pfx: data, passphrase, ca: [] });
  } catch (error) {
    throw unreadable(where, 'pfx', 'the archive cannot be opened', error);
  }
  // A copy: the caller may reuse the memory.
  return { data: Buffer.from(data), passphrase };
}

function pairUp(where: string, chains: Certificate[][], keys: KeyObject[]): KeyPair[] {
  const left = new Set(keys);
  const pairs = chains.map((chain) => {
    const key = keys.find((one) => chain[0]!.parsed.checkPrivateKey(one));
    if (key === undefined) throw mismatch(where, chain, keys);
    left.delete(key);
    return {
      chain: chain.map(({ pem }) => `${pem}\n`).join(''),
      key: key.export({ type: 'pkcs8', format: 'pem' }) as string,
    };
  });
  checkTypes(where, chains);
  if (left.size > 0) {
    throw new RangeError(`${where}: key: there is one that belongs to no certificate of cert`);
  }
  return pairs;
}

/**
 * OpenSSL keeps only one certificate per type of key, and would silently replace an earlier one.
 */
function checkTypes(where: string, chains: Certificate[][]): void {
  const types = chains.map(([own]) => own!.parsed.publicKey.asymmetricKeyType);
  const twice = types.find((type, at) => types.indexOf(type) !== at);
  if (twice === undefined) return;
  throw new RangeError(
    `${where}: cert: two of them have keys of one type (${twice}), of which one alone can be ` +
      "shown; give certificates by the names they are for, as 'sni'",
  );
}

function mismatch(where: string, chain: Certificate[], keys: KeyObject[]): Error {
  const subject = oneLine(chain[0]!.parsed.subject);
  const at = chain.findIndex(({ parsed }) => keys.some((key) => parsed.checkPrivateKey(key)));
  const why =
    at > 0
      ? `the key is that of certificate ${at + 1} in it, which must be the first`
      : `the key is not that of its certificate (${subject})`;
  return Object.assign(new RangeError(`${where}: cert: ${why}`), {
    code: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH',
  });
}

function oneLine(subject: string | undefined): string {
  return (subject ?? '').replaceAll('\n', ', ') || 'without a subject';
}
