import { isAscii } from 'node:buffer';

import type { RawBuffer } from '../../core/support/raw-buffer.ts';

const UTF8 = new TextDecoder();
const { latin1Slice } = Buffer.prototype as RawBuffer;

/** From this length on, in bytes, checking for ASCII costs less than it saves. */
const LONG = 4096;

/** Decodes UTF-8. Long texts are mostly ASCII, which is decoded in half the time. */
export function utf8Text(bytes: Uint8Array): string {
  return bytes.length >= LONG && isAscii(bytes)
    ? latin1Slice.call(bytes, 0, bytes.length)
    : UTF8.decode(bytes);
}
