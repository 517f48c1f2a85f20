/** Whom a client trusts when it is not told: the authorities of Node and of the system. */
import { readFileSync } from 'node:fs';

import { blocksOf } from './pem.ts';

/** Where systems keep their authorities, in one file. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
  '/usr/local/share/certs/ca-root-nss.crt',
];

let known: readonly string[] | null = null;

/**
 * PEM of each: those of Node (whatever it was started with: `--use-openssl-ca`, …), of the system
 * (which the environment's `SSL_CERT_FILE` may name) and of `NODE_EXTRA_CA_CERTS`. Read once.
 */
export function defaultRoots(): readonly string[] {
  return (known ??= [...new Set([...ofNode(), ...ofSystem(), ...extra()])]);
}

type Lister = (kind: 'default' | 'system') => readonly string[];

/** Node has it from 22.15 on. */
function lister(): Lister | undefined {
  return (process.getBuiltinModule('node:tls') as { getCACertificates?: Lister }).getCACertificates;
}

function ofNode(): readonly string[] {
  return lister()?.('default') ?? process.getBuiltinModule('node:tls').rootCertificates;
}

function ofSystem(): readonly string[] {
  const file = process.env['SSL_CERT_FILE'];
  if (file) return read(file);
  const list = lister()?.('system') ?? [];
  if (list.length > 0) return list;
  for (const bundle of BUNDLES) {
    const found = read(bundle);
    if (found.length > 0) return found;
  }
  return [];
}

/** Node's own list has them only from 22.15 on. */
function extra(): readonly string[] {
  const file = process.env['NODE_EXTRA_CA_CERTS'];
  return file ? read(file) : [];
}

/** What is not there is nobody to trust, as for Node. */
function read(file: string): string[] {
  try {
    return blocksOf(readFileSync(file, 'latin1'), /^(?:X509 |TRUSTED )?CERTIFICATE$/);
  } catch {
    return [];
  }
}
