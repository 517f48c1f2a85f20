import { ROOM_AT_ONCE, roomFor } from '../io/receive-room.ts';

/**
 * Received bytes that were not read yet, always in one contiguous piece.
 *
 * A single chunk is kept and handed out without a copy. When a second one arrives, both are copied
 * into the queue's own memory, which at least doubles when it grows, so a byte is copied a constant
 * number of times on average however small the pieces are. Bytes that were handed out are never
 * overwritten: new ones go behind the old, or into new memory.
 */
export const EMPTY: Buffer = Buffer.alloc(0);
const SMALLEST = 1024;

export class ByteQueue {
  #bytes: Buffer = EMPTY;
  #start = 0;
  #end = 0;
  #owned = false;

  get size(): number {
    return this.#end - this.#start;
  }

  push(data: Buffer): void {
    if (this.#start === this.#end) {
      this.#bytes = data;
      this.#start = 0;
      this.#end = data.length;
      this.#owned = false;
      return;
    }
    if (!this.#owned || this.#end + data.length > this.#bytes.length) this.#grow(data.length);
    this.#bytes.set(data, this.#end);
    this.#end += data.length;
  }

  /** Memory into which more of `expected` bytes may be received. */
  room(expected: number): Buffer {
    if (!this.#owned || this.#end === this.#bytes.length) {
      this.#move(roomFor(this.size, expected));
    }
    const most = Math.min(expected - this.size, ROOM_AT_ONCE);
    return this.#bytes.subarray(this.#end, this.#end + most);
  }

  /** Records that `count` bytes were received there. */
  filled(count: number): void {
    this.#end += count;
  }

  /** Puts bytes back at the front that were taken before. */
  unshift(data: Buffer): void {
    const rest = this.#takeAll();
    this.push(rest.length === 0 ? data : Buffer.concat([data, rest]));
  }

  #grow(more: number): void {
    this.#move(Math.max((this.size + more) * 2, SMALLEST));
  }

  #move(room: number): void {
    const size = this.size;
    const grown = Buffer.allocUnsafeSlow(room);
    this.#bytes.copy(grown, 0, this.#start, this.#end);
    this.#bytes = grown;
    this.#start = 0;
    this.#end = size;
    this.#owned = true;
  }

  /** Takes the first `count` bytes, or all when there are fewer. */
  take(count: number): Buffer {
    const { size } = this;
    if (count >= size) return this.#takeAll();
    const start = this.#start;
    this.#start = start + count;
    return this.#bytes.subarray(start, start + count);
  }

  #takeAll(): Buffer {
    const whole =
      this.#start === 0 && this.#end === this.#bytes.length
        ? this.#bytes
        : this.#bytes.subarray(this.#start, this.#end);
    this.clear();
    return whole;
  }

  clear(): void {
    this.#bytes = EMPTY;
    this.#start = 0;
    this.#end = 0;
    this.#owned = false;
  }

  /** The position of `wanted` at or after byte `from`; -1 if it is not found. */
  indexOf(wanted: Buffer, from: number): number {
    const window = this.#bytes.subarray(this.#start, this.#end);
    return wanted.length === 1 ? window.indexOf(wanted[0]!, from) : window.indexOf(wanted, from);
  }
}
