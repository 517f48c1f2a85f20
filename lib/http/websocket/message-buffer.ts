/**
 * The smallest buffer, in bytes, for a message that arrives in pieces. The buffer grows with what
 * has arrived, not with the length that the sender announces.
 */
const LEAST = 256;

export class MessageBuffer {
  readonly text: boolean;
  readonly packed: boolean;
  bytes: Buffer;
  length = 0;

  /** @param rest - bytes that are still to come, as far as is known */
  constructor(text: boolean, packed: boolean, length: number, rest: number) {
    this.text = text;
    this.packed = packed;
    this.bytes = Buffer.allocUnsafeSlow(Math.max(LEAST, length + Math.min(rest, length)));
  }

  add(chunk: Buffer, offset: number, length: number, rest: number): void {
    const needed = this.length + length;
    if (needed > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(
        Math.max(needed + Math.min(rest, needed), Math.min(this.bytes.length * 2, needed * 2)),
      );
      this.bytes.copy(grown, 0, 0, this.length);
      this.bytes = grown;
    }
    chunk.copy(this.bytes, this.length, offset, offset + length);
    this.length = needed;
  }

  /** The complete message; copied if less than half of the buffer is used. */
  take(): Buffer {
    const { bytes, length } = this;
    if (length === bytes.length) return bytes;
    const view = bytes.subarray(0, length);
    return length * 2 < bytes.length ? Buffer.from(view) : view;
  }
}
