import { ROOM_AT_ONCE, roomFor } from '../io/receive-room.ts';

/**
 * Received bytes that nobody has taken yet, always in one piece.
 *
 * A single chunk is kept as it is and handed out as it is. When a second one joins it, both are
 * copied into memory of the queue's own, which at least doubles, so a byte is copied a constant
 * number of times however small the pieces are. Bytes that were handed out are never written
 * again: new ones go behind the old, or into new memory.
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

  /** Where more of `expected` bytes may be received. */
  room(expected: number): Buffer {
    if (!this.#owned || this.#end === this.#bytes.length) {
      this.#move(roomFor(this.size, expected));
    }
    const most = Math.min(expected - this.size, ROOM_AT_ONCE);
    return this.#bytes.subarray(this.#end, this.#end + most);
  }

  /** So many bytes were received there. */
  filled(count: number): void {
    this.#end += count;
  }

  /** Puts bytes before everything else: they were taken and given back. */
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

  /** Where `wanted` begins at or after byte `from`, -1 when it is not there. */
  indexOf(wanted: Buffer, from: number): number {
    const window = this.#bytes.subarray(this.#start, this.#end);
    return wanted.length === 1 ? window.indexOf(wanted[0]!, from) : window.indexOf(wanted, from);
  }
}
