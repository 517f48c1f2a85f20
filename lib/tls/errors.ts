/**
 * What can go wrong with TLS, as Node names it: what the native layer tells in numbers and in
 * OpenSSL's words becomes an error here and nowhere else.
 */
import type { PeerCertificate } from 'node:tls';

import type { NativeTlsFailure } from '../native/tls-binding.ts';
import type { Side } from './options.ts';
import { isPinned } from './fingerprints.ts';
import type { TlsSettings } from './settings.ts';

/** An error of TLS. */
export interface TlsError extends Error {
  /** As Node has it: `CERT_HAS_EXPIRED`, `ERR_SSL_WRONG_VERSION_NUMBER`, … */
  code: string;
  /** The part of OpenSSL that it came from. */
  library?: string;
  /** OpenSSL's words for it. */
  reason?: string;
}

function tlsError(code: string, message: string, more: object = {}): TlsError {
  return Object.assign(new Error(message), { code, ...more });
}

/** X509_V_ERR_… by number, for those that Node has a name for. */
const VERIFY: Readonly<Record<number, string>> = {
  2: 'UNABLE_TO_GET_ISSUER_CERT',
  3: 'UNABLE_TO_GET_CRL',
  4: 'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
  5: 'UNABLE_TO_DECRYPT_CRL_SIGNATURE',
  6: 'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
  7: 'CERT_SIGNATURE_FAILURE',
  8: 'CRL_SIGNATURE_FAILURE',
  9: 'CERT_NOT_YET_VALID',
  10: 'CERT_HAS_EXPIRED',
  11: 'CRL_NOT_YET_VALID',
  12: 'CRL_HAS_EXPIRED',
  13: 'ERROR_IN_CERT_NOT_BEFORE_FIELD',
  14: 'ERROR_IN_CERT_NOT_AFTER_FIELD',
  15: 'ERROR_IN_CRL_LAST_UPDATE_FIELD',
  16: 'ERROR_IN_CRL_NEXT_UPDATE_FIELD',
  17: 'OUT_OF_MEM',
  18: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  19: 'SELF_SIGNED_CERT_IN_CHAIN',
  20: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  21: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  22: 'CERT_CHAIN_TOO_LONG',
  23: 'CERT_REVOKED',
  25: 'PATH_LENGTH_EXCEEDED',
  26: 'INVALID_PURPOSE',
  27: 'CERT_UNTRUSTED',
  28: 'CERT_REJECTED',
  62: 'HOSTNAME_MISMATCH',
  79: 'INVALID_CA',
};

/**
 * A chain that is not in order.
 * @param number - what `SSL_get_verify_result` says
 * @param text - what `X509_verify_cert_error_string` says of it
 */
export function verifyError(number: number, text: string): TlsError {
  return tlsError(verifyCode(number), text);
}

/** Node's name for what `SSL_get_verify_result` says. */
export function verifyCode(number: number): string {
  return VERIFY[number] ?? 'UNSPECIFIED';
}

/** The number of such a name. */
export function verifyNumber(code: string): number {
  const found = Object.entries(VERIFY).find(([, name]) => name === code);
  // X509_V_ERR_UNSPECIFIED.
  return found === undefined ? 1 : Number(found[0]);
}

/** What the native layer, or a native context, has failed with. */
export function failureError({ verify, text }: NativeTlsFailure): TlsError {
  return verify === 0 ? libraryError(text) : verifyError(verify, text);
}

/**
 * Anything that OpenSSL refuses, or the peer's alert says.
 * @param text - as `ERR_error_string` writes it: `error:0A000126:SSL routines::internal error`
 */
export function libraryError(text: string): TlsError {
  const parts = text.split(':');
  const library = parts[2] ?? '';
  const reason = parts[4] ?? text;
  const code = `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}`;
  return tlsError(code, text, { library, reason });
}

/** The connection has ended, or was reset, before the handshake was through. */
export function disconnectedError(side: Side): TlsError {
  return tlsError(
    'ECONNRESET',
    side === 'client'
      ? 'Client network socket disconnected before secure TLS connection was established'
      : 'socket hang up',
  );
}

/** The connection has ended without a goodbye: what came may not be all that was sent. */
export function truncatedError(): TlsError {
  return libraryError('error:0A000126:SSL routines::unexpected eof while reading');
}

/** Whether it says that. */
export function isTruncation(error: Error): boolean {
  return (error as TlsError).code === 'ERR_SSL_UNEXPECTED_EOF_WHILE_READING';
}

const silences: WeakSet<object> = new WeakSet();

/**
 * A client has gone between its handshake and its first word. In TLS 1.3 many refuse a certificate
 * like that: Node's looks at the name when the handshake is through, and hangs up.
 */
export function silenceError(): TlsError {
  const error = tlsError(
    'ECONNRESET',
    'the client has hung up without a word since the handshake; it may have refused the certificate',
  );
  silences.add(error);
  return error;
}

/** Whether it is such an error: no fault of the server that was about to serve that client. */
export function isSilence(error: unknown): boolean {
  return typeof error === 'object' && error !== null && silences.has(error);
}

/** The handshake, or the goodbye, has taken longer than its limit. */
export function timeoutError(what: 'handshake' | 'shutdown', seconds: number): TlsError {
  return tlsError(
    `ERR_TLS_${what.toUpperCase()}_TIMEOUT`,
    `TLS ${what} timeout: it was not through after ${seconds} s`,
  );
}

/** A server has no certificate for the name that was asked for. */
export function unknownNameError(servername: string): TlsError {
  return tlsError(
    'ERR_TLS_SNI_UNKNOWN',
    `there is no certificate for the server name ${JSON.stringify(servername)}`,
  );
}

/** What is known of a peer when the handshake is through. */
export interface Peer {
  /** What `SSL_get_verify_result` says; 0 for a chain in order. */
  readonly verifyResult: number;
  readonly verifyText: string;
  /** Its certificate as Node shows it, with `raw`; null when it has shown none. */
  readonly certificate: PeerCertificate | null;
}

/**
 * Why a peer must not get a byte of ours; null when it may. The one place where this is decided.
 *
 * @param host - client: the name or address that its certificate must have; '' for any
 */
export function peerError(
  settings: TlsSettings,
  side: Side,
  host: string,
  peer: Peer,
): Error | null {
  if (side === 'server' && !settings.requestCert) return null;
  return (
    (settings.rejectUnauthorized ? chainError(peer) : null) ??
    pinError(settings, peer) ??
    (side === 'client' ? nameError(settings, host, peer) : null)
  );
}

function chainError({ verifyResult, verifyText, certificate }: Peer): Error | null {
  if (verifyResult !== 0) return verifyError(verifyResult, verifyText);
  if (certificate !== null) return null;
  return tlsError('ERR_TLS_PEER_CERTIFICATE_MISSING', 'the peer has shown no certificate');
}

function pinError({ fingerprints }: TlsSettings, { certificate }: Peer): Error | null {
  if (fingerprints.length === 0) return null;
  if (certificate !== null && isPinned(fingerprints, certificate.raw)) return null;
  return tlsError(
    'ERR_TLS_FINGERPRINT_MISMATCH',
    "the peer's certificate is none of those that fingerprints allows" +
      (certificate === null ? '' : ` (its SHA-256 is ${certificate.fingerprint256})`),
  );
}

/** As Node has it: not asked when nothing is refused anyway. */
function nameError(
  { rejectUnauthorized, checkServerIdentity }: TlsSettings,
  host: string,
  { certificate }: Peer,
): Error | null {
  if (!rejectUnauthorized || certificate === null) return null;
  const check = checkServerIdentity ?? usualCheck;
  try {
    return check(host, certificate) ?? null;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error), { cause: error });
  }
}

function usualCheck(host: string, certificate: PeerCertificate): Error | undefined {
  if (host === '') return undefined;
  return process.getBuiltinModule('node:tls').checkServerIdentity(host, certificate);
}
