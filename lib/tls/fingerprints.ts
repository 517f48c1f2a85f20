import { badOption } from './options.ts';
import { listOf } from './pem.ts';

const LENGTH = 32;

/**
 * Parses SHA-256 fingerprints, 32 bytes each.
 * @throws TypeError, RangeError for anything else: a pin that can never match must not be accepted
 */
export function checkFingerprints(where: string, given: unknown): Buffer[] {
  return listOf(given).map((one) => {
    if (typeof one === 'string') return ofText(where, one);
    if (!ArrayBuffer.isView(one)) {
      throw badOption(where, 'fingerprints', 'SHA-256 in hex or bytes, or a list of these', one);
    }
    if (one.byteLength !== LENGTH) throw noDigest(where, `${one.byteLength} bytes`);
    return Buffer.from(Buffer.from(one.buffer, one.byteOffset, one.byteLength));
  });
}

function ofText(where: string, text: string): Buffer {
  const digits = text.replaceAll(':', '');
  if (!/^[0-9a-f]{64}$/i.test(digits)) throw noDigest(where, JSON.stringify(text));
  return Buffer.from(digits, 'hex');
}

function noDigest(where: string, given: string): RangeError {
  return new RangeError(
    `${where}: fingerprints: ${given} is no SHA-256, which has 32 bytes or 64 digits`,
  );
}

/** Whether a certificate (DER) matches one of them; true when there are none. */
export function isPinned(fingerprints: readonly Buffer[], certificate: Buffer): boolean {
  if (fingerprints.length === 0) return true;
  const digest = process
    .getBuiltinModule('node:crypto')
    .createHash('sha256')
    .update(certificate)
    .digest();
  return fingerprints.some((one) => one.equals(digest));
}
