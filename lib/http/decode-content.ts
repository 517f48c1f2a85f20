/**
 * Takes content codings off a body. All at once and in the loop's thread, with a bound on what may
 * come out: this works also when the loop owns the thread, where Node's streams stand still.
 */

import { ClientPayloadError } from './client-errors.ts';

/** The codings of a Content-Encoding header that have to be taken off, outermost first. */
export function codingsOf(header: string | null): string[] {
  if (header === null) return [];
  const codings = header.toLowerCase().split(',').map((coding) => coding.trim());
  return codings.filter((coding) => coding !== '' && coding !== 'identity').reverse();
}

/** Whether every coding is known. */
export function canDecode(codings: string[]): boolean {
  return codings.every((coding) => /^(?:x-)?gzip$|^deflate$|^br$/.test(coding));
}

/**
 * @param most - bytes that may come out
 * @throws ClientPayloadError when the body is broken or larger than `most`
 */
export function decodeContent(bytes: Uint8Array, codings: string[], most: number): Uint8Array {
  if (bytes.length === 0) return bytes;
  let decoded = bytes;
  for (const coding of codings) {
    try {
      decoded = decodeOne(decoded, coding, most);
    } catch (error) {
      const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
      throw new ClientPayloadError(tooLarge
        ? `${coding} body unpacks to more than ${most} bytes (maxDecodedSize)`
        : `${coding} body is broken: ${(error as Error).message}`, { cause: error });
    }
  }
  return decoded;
}

function decodeOne(bytes: Uint8Array, coding: string, most: number): Uint8Array {
  const zlib = process.getBuiltinModule('node:zlib');
  const options = { maxOutputLength: most };
  if (coding === 'br') return zlib.brotliDecompressSync(bytes, options);
  if (coding !== 'deflate') return zlib.gunzipSync(bytes, options);
  // RFC 9110 means zlib's format, some servers send it bare: the first byte tells.
  const bare = (bytes[0]! & 0x0f) !== 8 || ((bytes[0]! << 8) + (bytes[1] ?? 0)) % 31 !== 0;
  return bare ? zlib.inflateRawSync(bytes, options) : zlib.inflateSync(bytes, options);
}
