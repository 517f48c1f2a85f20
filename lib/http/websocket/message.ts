/** Converts received bytes to the messages that JavaScript gets. */
import { keepAttached } from '../../core/support/keep-attached.ts';
import type { RawBuffer } from '../../core/support/raw-buffer.ts';

/** A message: text, or bytes in memory owned by the receiver. */
export type WebSocketMessage = string | Buffer<ArrayBuffer>;

type BufferMaker = new (
  buffer: ArrayBuffer,
  byteOffset: number,
  length: number,
) => Buffer<ArrayBuffer>;

/** The class that Buffer's `subarray` creates; called directly, it skips `subarray`'s look-ups. */
const View = (Buffer as unknown as { [Symbol.species]: BufferMaker })[Symbol.species];
const { allocUnsafeSlow } = Buffer;
let viewed: Buffer | null = null;
let viewedBuffer: ArrayBuffer;
let viewedOffset = 0;

/** A view of received bytes, in the receive chunk. */
export function viewOf(bytes: Buffer, offset: number, length: number): Buffer<ArrayBuffer> {
  if (bytes !== viewed) {
    viewed = bytes;
    viewedBuffer = bytes.buffer as ArrayBuffer;
    viewedOffset = bytes.byteOffset;
    keepAttached(viewedBuffer);
  }
  return new View(viewedBuffer, viewedOffset + offset, length);
}

/** A copy of received bytes. */
export function ownBytes(bytes: Buffer, offset: number, length: number): Buffer<ArrayBuffer> {
  const own = allocUnsafeSlow(length) as Buffer<ArrayBuffer>;
  own.set(viewOf(bytes, offset, length));
  return own;
}

/** Decodes bytes that are known to be valid UTF-8, or ASCII, which is faster. */
export function textOf(bytes: RawBuffer, offset: number, length: number, ascii: boolean): string {
  const end = offset + length;
  return ascii ? bytes.latin1Slice(offset, end) : bytes.toString('utf8', offset, end);
}
