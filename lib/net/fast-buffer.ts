/**
 * Buffers over received bytes, made cheaply.
 *
 * `Buffer.from(memory, offset, length)` checks its arguments for a quarter of a microsecond; a
 * subclass of Uint8Array whose prototype leads to Buffer's is the same thing without the checks,
 * and is how Node makes its own. Every Buffer method works on it and `Buffer.isBuffer` is true.
 */
import { keepAttached } from '../core/support/keep-attached.ts';

class FastBuffer extends Uint8Array {
  constructor(memory: ArrayBuffer | number, offset?: number, length?: number) {
    super(memory as ArrayBuffer, offset, length);
  }
}
Object.setPrototypeOf(FastBuffer.prototype, Buffer.prototype);

// Nearly all pieces are of the same chunk as the one before, and V8 has no quick way to its memory.
let lastChunk: Uint8Array = new Uint8Array(0);
let lastMemory: ArrayBuffer = lastChunk.buffer as ArrayBuffer;
let lastKept: Uint8Array = lastChunk;

/** A Buffer over `length` bytes of a piece of memory, from `offset` on; nothing is copied. */
export function bufferOver(chunk: Uint8Array, offset: number, length: number): Buffer {
  if (chunk !== lastChunk) {
    lastChunk = chunk;
    lastMemory = chunk.buffer as ArrayBuffer;
  }
  return new FastBuffer(lastMemory, chunk.byteOffset + offset, length) as unknown as Buffer;
}

/** One over a receive chunk, whose memory may not be transferred elsewhere from now on. */
export function receivedOver(chunk: Uint8Array, offset: number, length: number): Buffer {
  if (chunk !== lastKept) {
    keepAttached(chunk.buffer);
    lastKept = chunk;
  }
  return bufferOver(chunk, offset, length);
}
