import type { NativeEngine } from '../native/binding.ts';
import { lengthOf, viewOf } from './data.ts';

/** A contiguous piece of waiting bytes. */
interface Piece {
  bytes: Uint8Array;
  from: number;
  to: number;
  /** True for our own memory, which may be appended to; false for the caller's, only read. */
  own: boolean;
  /** The rest of a text that is not in `bytes` yet; encoded part by part as it is sent. */
  text: string;
  next: Piece | null;
}

/** UTF-16 units of a text that are encoded at once. */
const PART = 64 * 1024;
const NOTHING = new Uint8Array(0);

/** Copies are collected in blocks, so that a byte written alone takes no more than a byte. */
const BLOCK_MIN = 16 * 1024;
const BLOCK_MAX = 64 * 1024;

/**
 * Unsent bytes of one connection for which C++ has no room; it holds at most 256 KiB of them. A
 * connection has an outbox only while its peer is behind.
 *
 * Large buffers are kept by reference, with the position up to which they are sent: a thousand
 * slow peers of one shared buffer share that buffer. So are large texts, which are encoded as they
 * are sent. All other bytes are copied into blocks. C++ takes from the front when its own queue is
 * empty, and never keeps a pointer into this memory.
 */
export class Outbox {
  /** Bytes that wait here. */
  size = 0;
  /** The submission to make after the last byte (a close or a shutdown); 0 for none. */
  then = 0;
  #first: Piece | null = null;
  #last: Piece | null = null;

  /** Keeps bytes by reference; their owner must not change them until they are sent. */
  lend(bytes: Uint8Array, from: number, to: number): void {
    this.#append({ bytes, from, to, own: false, text: '', next: null });
    this.size += to - from;
  }

  /** Keeps a text, which is encoded as UTF-8 part by part: connections can share the string. */
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

  /** Gives C++ as much as it takes. @returns 0, or a negative errno when that failed for good */
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

  /** Copies what was lent, so that its owner may change it from now on. */
  own(): void {
    for (let piece = this.#first; piece !== null; piece = piece.next) {
      // Memory that was detached or has shrunk is left alone: `feed` reports it.
      if (piece.own || lengthOf(piece.bytes) < piece.to) continue;
      piece.bytes = Buffer.from(viewOf(piece.bytes, piece.from, piece.to));
      piece.to -= piece.from;
      piece.from = 0;
      piece.own = true;
    }
  }
}

/** Encodes the next part of a text, without splitting a surrogate pair. */
function takePart(piece: Piece): void {
  const { text } = piece;
  const halves = text.length > PART && (text.charCodeAt(PART - 1) & 0xfc00) === 0xd800;
  const end = halves ? PART - 1 : PART;
  piece.bytes = Buffer.from(text.slice(0, end), 'utf8');
  piece.from = 0;
  piece.to = piece.bytes.length;
  piece.text = text.slice(end);
}
