/**
 * TLS errors, named as in Node. The numbers and OpenSSL messages of the native layer are converted
 * to errors here and nowhere else.
 */
import type { PeerCertificate } from 'node:tls';

import type { NativeTlsFailure } from '../native/tls-binding.ts';
import type { Side } from './options.ts';
import { isPinned } from './fingerprints.ts';
import type { TlsSettings } from './settings.ts';

/** An error of TLS. */
export interface TlsError extends Error {
  /** Node's code: `CERT_HAS_EXPIRED`, `ERR_SSL_WRONG_VERSION_NUMBER`, … */
  code: string;
  /** The part of OpenSSL that reported it. */
  library?: string;
  /** OpenSSL's description. */
  reason?: string;
}

function tlsError(code: string, message: string, more: object = {}): TlsError {
  return Object.assign(new Error(message), { code, ...more });
}

/** Node's names for the X509_V_ERR_… numbers. */
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
 * An error for a certificate chain that could not be verified.
 * @param number - the result of `SSL_get_verify_result`
 * @param text - its description by `X509_verify_cert_error_string`
 */
export function verifyError(number: number, text: string): TlsError {
  return tlsError(verifyCode(number), text);
}

/** Node's name for a result of `SSL_get_verify_result`. */
export function verifyCode(number: number): string {
  return VERIFY[number] ?? 'UNSPECIFIED';
}

/** The number for such a name. */
export function verifyNumber(code: string): number {
  const found = Object.entries(VERIFY).find(([, name]) => name === code);
  // X509_V_ERR_UNSPECIFIED.
  return found === undefined ? 1 : Number(found[0]);
}

/** The error for a failure reported by the native layer or a native context. */
export function failureError({ verify, text }: NativeTlsFailure): TlsError {
  return verify === 0 ? libraryError(text) : verifyError(verify, text);
}

/**
 * An error of OpenSSL, or an alert of the peer.
 * @param text - in the format of `ERR_error_string`: `error:0A000126:SSL routines::internal error`
 */
export function libraryError(text: string): TlsError {
  const parts = text.split(':');
  const library = parts[2] ?? '';
  const reason = parts[4] ?? text;
  const code = `ERR_SSL_${reason.toUpperCase().replaceAll(' ', '_')}`;
  return tlsError(code, text, { library, reason });
}

/** The connection was closed or reset before the handshake was complete. */
export function disconnectedError(side: Side): TlsError {
  return tlsError(
    'ECONNRESET',
    side === 'client'
      ? 'Client network socket disconnected before secure TLS connection was established'
      : 'socket hang up',
  );
}

/** The connection ended without close_notify, so the received data may be incomplete. */
export function truncatedError(): TlsError {
  return libraryError('error:0A000126:SSL routines::unexpected eof while reading');
}

/** Whether it is an error from `truncatedError`. */
export function isTruncation(error: Error): boolean {
  return (error as TlsError).code === 'ERR_SSL_UNEXPECTED_EOF_WHILE_READING';
}

const silences: WeakSet<object> = new WeakSet();

/**
 * A client disconnected after its handshake without sending anything. With TLS 1.3 this is how many
 * clients reject a certificate: Node's checks the host name after the handshake and then
 * disconnects.
 */
export function silenceError(): TlsError {
  const error = tlsError(
    'ECONNRESET',
    'the client has hung up without a word since the handshake; it may have refused the certificate',
  );
  silences.add(error);
  return error;
}

/** Whether it is an error from `silenceError`, for which the server is not to blame. */
export function isSilence(error: unknown): boolean {
  return typeof error === 'object' && error !== null && silences.has(error);
}

/** The handshake or the shutdown took longer than its limit. */
export function timeoutError(what: 'handshake' | 'shutdown', seconds: number): TlsError {
  return tlsError(
    `ERR_TLS_${what.toUpperCase()}_TIMEOUT`,
    `TLS ${what} timeout: it was not through after ${seconds} s`,
  );
}

/** A server has no certificate for the requested name. */
export function unknownNameError(servername: string): TlsError {
  return tlsError(
    'ERR_TLS_SNI_UNKNOWN',
    `there is no certificate for the server name ${JSON.stringify(servername)}`,
  );
}

/** What is known of a peer after the handshake. */
export interface Peer {
  /** The result of `SSL_get_verify_result`; 0 for a valid chain. */
  readonly verifyResult: number;
  readonly verifyText: string;
  /** Its certificate in Node's format, including `raw`; null when it sent none. */
  readonly certificate: PeerCertificate | null;
}

/**
 * Decides whether the peer is accepted; nothing is sent before this. It is the only place for this
 * decision.
 *
 * @param host - client: the name or address that the certificate must have; '' for any
 * @returns the reason to refuse the peer, or null
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

/** As in Node, the name is not checked when `rejectUnauthorized` is false. */
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
