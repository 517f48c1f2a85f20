/**
 * Buffers over received bytes, made cheaply.
 *
 * `Buffer.from(memory, offset, length)` checks its arguments for a quarter of a microsecond; a
 * subclass of Uint8Array whose prototype leads to Buffer's is the same thing without the checks,
 * and is how Node makes its own. Every Buffer method works on it and `Buffer.isBuffer` is true.
 */
class FastBuffer extends Uint8Array {
  constructor(memory: ArrayBuffer | number, offset?: number, length?: number) {
    super(memory as ArrayBuffer, offset, length);
  }
}
Object.setPrototypeOf(FastBuffer.prototype, Buffer.prototype);

/** A Buffer over `length` bytes of a receive chunk, from `offset` on; nothing is copied. */
export function bufferOver(chunk: Uint8Array, offset: number, length: number): Buffer {
  return new FastBuffer(
    chunk.buffer as ArrayBuffer,
    chunk.byteOffset + offset,
    length,
  ) as unknown as Buffer;
}
