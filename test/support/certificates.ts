// Certificates for tests, made on the spot: good ones, and each kind of bad one. Nothing of it
// needs a network or a program; dates are fixed, so that only the century must be right.
import 'reflect-metadata';

import { webcrypto, X509Certificate as NodeCertificate } from 'node:crypto';

import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto as never);

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const rsa = (modulusLength: number) => ({
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength,
});

const PAST = new Date('2001-01-01T00:00:00Z');
const LONG_AGO = new Date('2002-01-01T00:00:00Z');
const BEGIN = new Date('2020-01-01T00:00:00Z');
const END = new Date('2099-01-01T00:00:00Z');
const FAR = new Date('2098-01-01T00:00:00Z');

const VALIDITY: Readonly<Record<'now' | 'expired' | 'future', readonly [Date, Date]>> = {
  now: [BEGIN, END],
  expired: [PAST, LONG_AGO],
  future: [FAR, END],
};

/** A certificate with its key, and who has signed it. */
export interface Issued {
  /** PEM of this one alone. */
  readonly cert: string;
  /** PEM of the key, PKCS#8. */
  readonly key: string;
  /** PEM of this one and of those above it, the root left out. */
  readonly chain: string;
  readonly certificate: x509.X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly issuer: Issued | null;
}

interface Description {
  /** The common name. */
  readonly name: string;
  readonly issuer?: Issued | null;
  readonly dns?: readonly string[];
  readonly ips?: readonly string[];
  readonly authority?: boolean;
  readonly usage?: 'server' | 'client';
  readonly validity?: 'now' | 'expired' | 'future';
  readonly key?: 'ecdsa' | 'rsa' | 'weak';
}

/** Serial numbers count, so that no two are alike and each run has the same. */
let serial = 0;

async function issue(description: Description): Promise<Issued> {
  const { name, issuer = null, key = 'ecdsa' } = description;
  const algorithm = key === 'ecdsa' ? ECDSA : rsa(key === 'weak' ? 512 : 2048);
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const [notBefore, notAfter] = VALIDITY[description.validity ?? 'now'];
  const signer = issuer?.keys ?? keys;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: (++serial).toString(16).padStart(4, '0'),
    notBefore,
    notAfter,
    subject: `CN=${name}`,
    issuer: issuer === null ? `CN=${name}` : issuer.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: signer.privateKey,
    signingAlgorithm: { ...signer.privateKey.algorithm, hash: 'SHA-256' },
    extensions: await extensionsOf(description, keys, signer),
  });
  const secret = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  const cert = `${certificate.toString('pem')}\n`;
  return {
    cert,
    chain: cert + (issuer === null || issuer.issuer === null ? '' : issuer.chain),
    key: `${x509.PemConverter.encode(secret, 'PRIVATE KEY')}\n`,
    certificate,
    keys,
    issuer,
  };
}

async function extensionsOf(
  { dns = [], ips = [], authority = false, usage }: Description,
  keys: webcrypto.CryptoKeyPair,
  signer: webcrypto.CryptoKeyPair,
): Promise<x509.Extension[]> {
  const names: x509.JsonGeneralName[] = [
    ...dns.map((value) => ({ type: 'dns' as const, value })),
    ...ips.map((value) => ({ type: 'ip' as const, value })),
  ];
  const { keyCertSign, cRLSign, digitalSignature, keyEncipherment } = x509.KeyUsageFlags;
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(authority, undefined, true),
    new x509.KeyUsagesExtension(
      authority ? keyCertSign | cRLSign : digitalSignature | keyEncipherment,
      true,
    ),
    await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    await x509.AuthorityKeyIdentifierExtension.create(signer.publicKey),
  ];
  if (names.length > 0) extensions.push(new x509.SubjectAlternativeNameExtension(names));
  if (usage !== undefined) {
    const purpose = usage === 'server' ? 'serverAuth' : 'clientAuth';
    extensions.push(new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage[purpose]]));
  }
  return extensions;
}

/** Signs others; its own certificate is what they are trusted by. */
export function authority(name: string, options: Partial<Description> = {}): Promise<Issued> {
  return issue({ ...options, name, authority: true });
}

/** For a server: localhost and 127.0.0.1, unless said otherwise. Without an issuer self-signed. */
export function serverCertificate(
  issuer: Issued | null,
  options: Partial<Description> = {},
): Promise<Issued> {
  const dns = options.dns ?? ['localhost'];
  const ips = options.ips ?? (options.dns === undefined ? ['127.0.0.1', '::1'] : []);
  return issue({ name: dns[0] ?? 'server', usage: 'server', ...options, dns, ips, issuer });
}

/** For a client, by its name. */
export function clientCertificate(
  issuer: Issued | null,
  name: string,
  options: Partial<Description> = {},
): Promise<Issued> {
  return issue({ usage: 'client', ...options, name, issuer });
}

/** PEM of a list, signed by `issuer`, of certificates that are revoked. */
export async function revocationList(
  issuer: Issued,
  revoked: readonly Issued[],
  validity: 'now' | 'expired' = 'now',
): Promise<string> {
  const [thisUpdate, nextUpdate] = VALIDITY[validity];
  const list = await x509.X509CrlGenerator.create({
    issuer: issuer.certificate.subject,
    thisUpdate,
    nextUpdate,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: { ...issuer.keys.privateKey.algorithm, hash: 'SHA-256' } as never,
    entries: revoked.map(({ certificate }) => ({
      serialNumber: certificate.serialNumber,
      revocationDate: BEGIN,
    })),
  });
  return `${x509.PemConverter.encode(list.rawData, 'X509 CRL')}\n`;
}

/** SHA-256 of a certificate, as Node and OpenSSL show it. */
export function fingerprint(issued: Issued): string {
  return new NodeCertificate(issued.cert).fingerprint256;
}
