import type { NativeEngine } from '../native/binding.ts';
import { lengthOf, viewOf } from './data.ts';

/** Bytes in a row that wait. */
interface Piece {
  bytes: Uint8Array;
  from: number;
  to: number;
  /** Memory of our own, which may grow at its end; else the caller's, only looked at. */
  own: boolean;
  /** What of a text is not in `bytes` yet; they get the next part when they are sent. */
  text: string;
  next: Piece | null;
}

/** UTF-16 units of a text that become bytes at once. */
const PART = 64 * 1024;
const NOTHING = new Uint8Array(0);

/** Copies are put together in blocks, so that a byte written alone costs a byte. */
const BLOCK_MIN = 16 * 1024;
const BLOCK_MAX = 64 * 1024;

/**
 * What is unsent of one connection and has no place in C++, which holds 256 KiB of it at the most.
 * A connection has an outbox only while its peer is behind.
 *
 * Large buffers stand here as they were given, with a mark of how far they are sent: a thousand
 * peers that do not read one shared buffer have that buffer and nothing else. So do large texts,
 * which become bytes as they go. All other bytes are copied, into blocks. C++ takes from the front
 * when its own queue is empty, and never keeps a pointer to what it has seen here.
 */
export class Outbox {
  /** Bytes that wait here. */
  size = 0;
  /** The submission that follows the last byte, 0 for none: a close or a shutdown. */
  then = 0;
  #first: Piece | null = null;
  #last: Piece | null = null;

  /** Keeps bytes where they are; their owner must not change them until they are sent. */
  lend(bytes: Uint8Array, from: number, to: number): void {
    this.#append({ bytes, from, to, own: false, text: '', next: null });
    this.size += to - from;
  }

  /** Keeps a text, which becomes UTF-8 part by part: all who wait for it have one string. */
  lendText(text: string): void {
    this.#append({ bytes: NOTHING, from: 0, to: 0, own: true, text, next: null });
    this.size += Buffer.byteLength(text);
  }

  /** Keeps a copy. */
  copy(bytes: Uint8Array, from: number, to: number): void {
    this.size += to - from;
    let at = from;
    while (at < to) {
      let last = this.#last;
      if (last === null || !last.own || last.to === last.bytes.length) {
        const size = Math.min(Math.max(to - at, BLOCK_MIN), BLOCK_MAX);
        const bytes = Buffer.allocUnsafeSlow(size);
        last = { bytes, from: 0, to: 0, own: true, text: '', next: null };
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
      if (piece.from === piece.to && piece.text !== '') takePart(piece);
      const taken = engine.write(handle, generation, piece.bytes, piece.from, piece.to);
      if (taken < 0) return taken;
      this.size -= taken;
      piece.from += taken;
      if (piece.from < piece.to) return 0;
      if (piece.text !== '') continue;
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

/** Encodes the next part of a text, without parting the two halves of a character. */
function takePart(piece: Piece): void {
  const { text } = piece;
  const halves = text.length > PART && (text.charCodeAt(PART - 1) & 0xfc00) === 0xd800;
  const end = halves ? PART - 1 : PART;
  piece.bytes = Buffer.from(text.slice(0, end), 'utf8');
  piece.from = 0;
  piece.to = piece.bytes.length;
  piece.text = text.slice(end);
}
