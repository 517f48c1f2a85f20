import type { NativeEngine } from '../native/binding.ts';
import { lengthOf, viewOf } from './data.ts';

/** Bytes in a row that wait. */
interface Piece {
  bytes: Uint8Array;
  from: number;
  to: number;
  /** Memory of our own, which others may join at its end; else somebody else's, only looked at. */
  own: boolean;
  next: Piece | null;
}

/** Copies are put together in blocks, so that a byte written alone costs a byte. */
const BLOCK_MIN = 16 * 1024;
const BLOCK_MAX = 64 * 1024;

/**
 * What is unsent of one connection and has no place in C++, which holds 256 KiB of it at the most.
 * A connection has an outbox only while its peer is behind.
 *
 * Large buffers stand here as they were given, with a mark of how far they are sent: a thousand
 * peers that do not read one shared buffer have that buffer and nothing else. All other bytes are
 * copied, into blocks. C++ takes from the front when its own queue is empty, and never keeps a
 * pointer to what it has seen here.
 */
export class Outbox {
  /** Bytes that wait here. */
  size = 0;
  /** The submission that follows the last byte, 0 for none: a close or a shutdown. */
  then = 0;
  #first: Piece | null = null;
  #last: Piece | null = null;

  /** Keeps bytes where they are; whoever has them must not change them until they are sent. */
  lend(bytes: Uint8Array, from: number, to: number): void {
    this.#append({ bytes, from, to, own: false, next: null });
    this.size += to - from;
  }

  /** Keeps a copy. */
  copy(bytes: Uint8Array, from: number, to: number): void {
    this.size += to - from;
    let at = from;
    while (at < to) {
      let last = this.#last;
      if (last === null || !last.own || last.to === last.bytes.length) {
        const size = Math.min(Math.max(to - at, BLOCK_MIN), BLOCK_MAX);
        last = { bytes: Buffer.allocUnsafeSlow(size), from: 0, to: 0, own: true, next: null };
        this.#append(last);
      }
      const count = Math.min(to - at, last.bytes.length - last.to);
      last.bytes.set(viewOf(bytes, at, at + count), last.to);
      last.to += count;
      at += count;
    }
  }

  #append(piece: Piece): void {
    if (this.#last === null) this.#first = piece;
    else this.#last.next = piece;
    this.#last = piece;
  }

  /** Gives C++ as much as it takes. @returns 0, or a negative errno when there is no going on */
  feed(engine: NativeEngine, handle: number, generation: number): number {
    let piece = this.#first;
    while (piece !== null) {
      const taken = engine.write(handle, generation, piece.bytes, piece.from, piece.to);
      if (taken < 0) return taken;
      this.size -= taken;
      piece.from += taken;
      if (piece.from < piece.to) return 0;
      this.#first = piece = piece.next;
    }
    this.#last = null;
    return 0;
  }

  /** Makes copies of what was lent: its owner may change it from now on. */
  own(): void {
    for (let piece = this.#first; piece !== null; piece = piece.next) {
      // What is not there any more stays as it is: `feed` finds out.
      if (piece.own || lengthOf(piece.bytes) < piece.to) continue;
      piece.bytes = Buffer.from(viewOf(piece.bytes, piece.from, piece.to));
      piece.to -= piece.from;
      piece.from = 0;
      piece.own = true;
    }
  }
}
