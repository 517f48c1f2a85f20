/**
 * A receive chunk seen three ways: as bytes, as the words of head records, and as the half words
 * of their field tables. C++ writes many heads into one chunk, so the views of the chunk last
 * looked at are kept.
 */
import {
  FIELD_WORDS, HEAD_BYTES_OFFSET, HEAD_FIELD_COUNT, HEAD_WORDS,
} from '../native/layout.ts';
import type { RawBuffer } from './raw-buffer.ts';

export class HeadChunk {
  readonly bytes: RawBuffer;
  readonly words: Uint32Array;
  readonly #halves: Uint16Array;

  constructor(chunk: Uint8Array) {
    const { buffer, byteOffset, byteLength } = chunk;
    this.bytes = Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength) as RawBuffer;
    this.words = new Uint32Array(buffer, byteOffset, byteLength >> 2);
    this.#halves = new Uint16Array(buffer, byteOffset, byteLength >> 1);
  }

  fieldCount(record: number): number {
    return this.words[record + HEAD_FIELD_COUNT]!;
  }

  fieldName(record: number, index: number): string {
    return this.#slice(record, index, 0);
  }

  fieldValue(record: number, index: number): string {
    return this.#slice(record, index, 2);
  }

  fieldNameLength(record: number, index: number): number {
    return this.#halves[(record + HEAD_WORDS + index * FIELD_WORDS) * 2 + 1]!;
  }

  /** Text of the head's bytes; offsets count from their start. */
  text(record: number, offset: number, length: number): string {
    const start = this.words[record + HEAD_BYTES_OFFSET]! + offset;
    return this.bytes.latin1Slice(start, start + length);
  }

  #slice(record: number, index: number, half: number): string {
    const at = (record + HEAD_WORDS + index * FIELD_WORDS) * 2 + half;
    return this.text(record, this.#halves[at]!, this.#halves[at + 1]!);
  }
}

let lastChunk: Uint8Array | undefined;
let lastViews: HeadChunk | undefined;

/** The views of a chunk. */
export function headChunk(chunk: Uint8Array): HeadChunk {
  if (chunk !== lastChunk) {
    lastChunk = chunk;
    lastViews = new HeadChunk(chunk);
  }
  return lastViews!;
}
