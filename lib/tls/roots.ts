/** The default authorities, which a client trusts: those of Node and of the system. */
import { readFileSync } from 'node:fs';

import { blocksOf } from './pem.ts';

/** Files in which systems keep their authorities. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
  '/usr/local/share/certs/ca-root-nss.crt',
];

let known: readonly string[] | null = null;

/**
 * PEM of each authority: those of Node (respecting options such as `--use-openssl-ca`), of the
 * system (or the file named by `SSL_CERT_FILE`), and of `NODE_EXTRA_CA_CERTS`. Read once.
 */
export function defaultRoots(): readonly string[] {
  return (known ??= [...new Set([...ofNode(), ...ofSystem(), ...extra()])]);
}

type Lister = (kind: 'default' | 'system') => readonly string[];

/** Exists in Node 22.15 and later. */
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

/** Read here because Node's list includes them only from 22.15 on. */
function extra(): readonly string[] {
  const file = process.env['NODE_EXTRA_CA_CERTS'];
  return file ? read(file) : [];
}

/** As in Node, a file that cannot be read is ignored. */
function read(file: string): string[] {
  try {
    return blocksOf(readFileSync(file, 'latin1'), /^(?:X509 |TRUSTED )?CERTIFICATE$/);
  } catch {
    return [];
  }
}
