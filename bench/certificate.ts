// A certificate for TLS servers, made anew for each run: self-signed, since no client verifies it.
import 'reflect-metadata';

import { webcrypto } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { outputDir } from './paths.ts';

/** The parts of `@peculiar/x509` used here; its own declarations need the DOM's types. */
interface X509 {
  readonly X509CertificateGenerator: {
    createSelfSigned(options: object, crypto: object): Promise<{ toString(format: 'pem'): string }>;
  };
  readonly PemConverter: { encode(data: ArrayBuffer, tag: string): string };
}

const PACKAGE: string = '@peculiar/x509';
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

let made: Promise<Record<string, string>> | undefined;

/** Environment variables for servers: the paths of the certificate and its key. */
export function certificate(): Promise<Record<string, string>> {
  return (made ??= make());
}

async function make(): Promise<Record<string, string>> {
  const x509 = (await import(PACKAGE)) as X509;
  const usages: webcrypto.KeyUsage[] = ['sign', 'verify'];
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, usages);
  const now = Date.now();
  const own = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=localhost',
      notBefore: new Date(now - DAY_MS),
      notAfter: new Date(now + DAY_MS),
      signingAlgorithm: ALGORITHM,
      keys,
    },
    webcrypto,
  );
  const secret = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  const files = {
    OXBOW_BENCH_CERT: own.toString('pem'),
    OXBOW_BENCH_KEY: x509.PemConverter.encode(secret, 'PRIVATE KEY'),
  };
  mkdirSync(outputDir, { recursive: true });
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => {
      const file = path.join(outputDir, `${name}.pem`);
      writeFileSync(file, text);
      return [name, file];
    }),
  );
}
