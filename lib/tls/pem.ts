/** PEM: text with blocks, each of them a certificate, a key or a revocation list. */
import type { X509Certificate } from 'node:crypto';

import { badOption, type Pem } from './options.ts';

/** `node:crypto`, loaded only by programs that use TLS. */
export function crypto(): typeof import('node:crypto') {
  return process.getBuiltinModule('node:crypto');
}

/** A value or an array, as an array; undefined is an empty one. */
export function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}

/**
 * PEM as text.
 * @throws TypeError when it is neither text nor bytes
 */
export function pemText(where: string, name: string, pem: unknown): string {
  if (typeof pem === 'string') return pem;
  if (!ArrayBuffer.isView(pem)) throw badOption(where, name, 'PEM, as text or bytes', pem);
  return Buffer.from(pem.buffer, pem.byteOffset, pem.byteLength).toString('latin1');
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g;

/** The blocks of one kind, in order. */
export function blocksOf(text: string, kind: RegExp): string[] {
  return [...text.matchAll(BLOCK)].filter(([, name]) => kind.test(name!)).map(([block]) => block);
}

const CERTIFICATE = /^(?:X509 |TRUSTED )?CERTIFICATE$/;

/** A certificate with its text. */
export interface Certificate {
  readonly pem: string;
  readonly parsed: X509Certificate;
}

/**
 * The certificates in a piece of PEM, at least one.
 * @throws RangeError when there is none, or one cannot be read
 */
export function certificatesOf(where: string, name: string, pem: Pem): Certificate[] {
  const blocks = blocksOf(pemText(where, name, pem), CERTIFICATE);
  if (blocks.length === 0) {
    throw unreadable(where, name, 'there is no certificate in PEM in it', null);
  }
  return blocks.map((block, at) => {
    try {
      return { pem: block, parsed: new (crypto().X509Certificate)(block) };
    } catch (error) {
      throw unreadable(where, name, `certificate ${at + 1} of ${blocks.length} is damaged`, error);
    }
  });
}

/** The error for an invalid certificate, key or list, with OpenSSL's code if there is one. */
export function unreadable(where: string, name: string, what: string, cause: unknown): RangeError {
  const said = cause instanceof Error ? ` (${cause.message})` : '';
  const error = new RangeError(`${where}: ${name}: ${what}${said}`, { cause });
  const code = (cause as NodeJS.ErrnoException | null)?.code;
  return code === undefined ? error : Object.assign(error, { code });
}
