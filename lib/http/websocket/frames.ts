/** Writes frames: their headers, and the masks that a client must use. */
import { lengthOf } from '../../io/data.ts';

/** First bytes of frames: the opcode, with the bit for the final frame of a message. */
export const TEXT = 0x81;
export const BINARY = 0x82;
export const CLOSE = 0x88;
export const PING = 0x89;
export const PONG = 0x8a;
/** The bit for a compressed message. */
export const PACKED = 0x40;

/** Largest header, with mask, in bytes. */
export const HEADER_MAX = 14;

/** Size of a frame's header in bytes, without a mask. */
export function headerSize(length: number): number {
  return length < 126 ? 2 : length < 65536 ? 4 : 10;
}

/** @param mask - 0x80 when a mask follows, else 0 */
export function writeHeader(
  out: Uint8Array,
  at: number,
  first: number,
  length: number,
  mask: 0 | 0x80,
): void {
  out[at] = first;
  if (length < 126) out[at + 1] = mask | length;
  else if (length < 65536) {
    out[at + 1] = mask | 126;
    out[at + 2] = length >> 8;
    out[at + 3] = length & 0xff;
  } else {
    out[at + 1] = mask | 127;
    const high = Math.floor(length / 2 ** 32);
    for (let n = 0; n < 4; n++) {
      out[at + 2 + n] = (high >>> (24 - n * 8)) & 0xff;
      out[at + 6 + n] = (length >>> (24 - n * 8)) & 0xff;
    }
  }
}

/** Random bytes are fetched in bulk, because each call is expensive and a frame needs only four. */
const POOL = 4096;
let pool: Uint8Array | null = null;
let used = POOL;

/** Writes an unpredictable mask (RFC 6455, 5.3) at `at`, and masks the `length` bytes after it. */
export function maskFrame(out: Uint8Array, at: number, length: number): void {
  if (used === POOL) {
    pool = globalThis.crypto.getRandomValues(new Uint8Array(POOL));
    used = 0;
  }
  const a = (out[at] = pool![used]!);
  const b = (out[at + 1] = pool![used + 1]!);
  const c = (out[at + 2] = pool![used + 2]!);
  const d = (out[at + 3] = pool![used + 3]!);
  used += 4;
  let from = at + 4;
  const end = from + length;
  for (; from + 4 <= end; from += 4) {
    out[from]! ^= a;
    out[from + 1]! ^= b;
    out[from + 2]! ^= c;
    out[from + 3]! ^= d;
  }
  if (from < end) out[from]! ^= a;
  if (from + 1 < end) out[from + 1]! ^= b;
  if (from + 2 < end) out[from + 2]! ^= c;
}

/** A complete frame in its own memory. */
export function frameOf(first: number, payload: Uint8Array, masked: boolean): Buffer {
  const length = lengthOf(payload);
  const size = headerSize(length) + (masked ? 4 : 0);
  const frame = Buffer.allocUnsafeSlow(size + length);
  writeHeader(frame, 0, first, length, masked ? 0x80 : 0);
  frame.set(payload, size);
  if (masked) maskFrame(frame, size - 4, length);
  return frame;
}
