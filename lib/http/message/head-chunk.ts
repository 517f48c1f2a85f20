/**
 * A receive chunk seen in three ways: as bytes, as the words of head records, and as the half words
 * of their field tables. C++ writes many heads into one chunk, so the views of the last chunk are
 * kept.
 */
import {
  FIELD_WORDS,
  HEAD_BYTES_OFFSET,
  HEAD_FIELD_COUNT,
  HEAD_METHOD_LENGTH,
  HEAD_METHOD_OFFSET,
  HEAD_REASON_LENGTH,
  HEAD_REASON_OFFSET,
  HEAD_TARGET_LENGTH,
  HEAD_TARGET_OFFSET,
  HEAD_WORDS,
} from '../../native/layout.ts';
import type { RawBuffer } from '../../core/support/raw-buffer.ts';

/** Gives access to the heads of messages; `record` selects one. */
export interface MessageHead {
  /** A word of the record (`HEAD_*`). */
  word(record: number, index: number): number;
  fieldCount(record: number): number;
  fieldName(record: number, index: number): string;
  fieldValue(record: number, index: number): string;
  /** Whether the field has this name, which must be given in lower case. */
  fieldIs(record: number, index: number, name: string): boolean;
  /** A part of the head as text; the offset counts from the start of the head. */
  text(record: number, offset: number, length: number): string;
}

export class HeadChunk implements MessageHead {
  readonly bytes: RawBuffer;
  readonly words: Uint32Array;
  readonly #halves: Uint16Array;

  constructor(chunk: Uint8Array) {
    const { buffer, byteOffset, byteLength } = chunk;
    this.bytes = Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength) as RawBuffer;
    this.words = new Uint32Array(buffer, byteOffset, byteLength >> 2);
    this.#halves = new Uint16Array(buffer, byteOffset, byteLength >> 1);
  }

  word(record: number, index: number): number {
    return this.words[record + index]!;
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

  fieldIs(record: number, index: number, name: string): boolean {
    const at = (record + HEAD_WORDS + index * FIELD_WORDS) * 2;
    if (this.#halves[at + 1] !== name.length) return false;
    const start = this.words[record + HEAD_BYTES_OFFSET]! + this.#halves[at]!;
    for (let n = 0; n < name.length; n++) {
      const byte = this.bytes[start + n]!;
      const lower = byte >= 65 && byte <= 90 ? byte + 32 : byte;
      if (lower !== name.charCodeAt(n)) return false;
    }
    return true;
  }

  text(record: number, offset: number, length: number): string {
    const start = this.words[record + HEAD_BYTES_OFFSET]! + offset;
    return this.bytes.latin1Slice(start, start + length);
  }

  /** Decodes bytes of the chunk as UTF-8, dropping a byte order mark as TextDecoder does. */
  utf8(start: number, end: number): string {
    const { bytes } = this;
    const marked = bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
    return bytes.utf8Slice(marked && start + 3 <= end ? start + 3 : start, end);
  }

  /** A record with its field table, as a string with one character per half word. */
  record(record: number): string {
    const end = record + HEAD_WORDS + this.fieldCount(record) * FIELD_WORDS;
    return this.bytes.ucs2Slice(record * 4, end * 4);
  }

  #slice(record: number, index: number, half: number): string {
    const at = (record + HEAD_WORDS + index * FIELD_WORDS) * 2 + half;
    return this.text(record, this.#halves[at]!, this.#halves[at + 1]!);
  }
}

let lastChunk: Uint8Array | undefined;
let lastViews: HeadChunk | undefined;

/** Has views of the current receive chunk. */
export interface ChunkHolder {
  /** Copies what it still needs from the chunk, so that the chunk can be collected. */
  _leaveChunk(): void;
}

let holders: ChunkHolder[] = [];

/** The views of a chunk, which becomes the current one. */
export function headChunk(chunk: Uint8Array): HeadChunk {
  if (chunk !== lastChunk) {
    if (holders.length !== 0) leaveChunks();
    lastChunk = chunk;
    lastViews = new HeadChunk(chunk);
  }
  return lastViews!;
}

/**
 * Registers a holder that may keep views of the current chunk for long. It is asked to leave when
 * another chunk comes into use: a chunk has 256 KiB, and what waits is a head of some hundred bytes
 * or a few bytes of a body. Most holders are done before that, so nothing is copied for them.
 */
export function holdChunk(holder: ChunkHolder): void {
  holders.push(holder);
}

/** Makes all holders leave, even if the chunk remains in use. */
export function leaveChunks(): void {
  const all = holders;
  holders = [];
  for (const holder of all) holder._leaveChunk();
}

/**
 * A copy of the head of one message. It consists of two strings, for its bytes and its record,
 * because even a small typed array takes more memory than both.
 */
export class OwnHead implements MessageHead {
  readonly #bytes: string;
  readonly #record: string;

  constructor(chunk: HeadChunk, record: number) {
    this.#record = chunk.record(record);
    const start = chunk.words[record + HEAD_BYTES_OFFSET]!;
    this.#bytes = chunk.bytes.latin1Slice(start, start + this.#size());
  }

  word(_record: number, index: number): number {
    const half = index * 2;
    return (this.#record.charCodeAt(half) | (this.#record.charCodeAt(half + 1) << 16)) >>> 0;
  }

  fieldCount(): number {
    return this.word(0, HEAD_FIELD_COUNT);
  }

  fieldName(_record: number, index: number): string {
    return this.#slice(index, 0);
  }

  fieldValue(_record: number, index: number): string {
    return this.#slice(index, 2);
  }

  fieldIs(_record: number, index: number, name: string): boolean {
    const length = this.#record.charCodeAt((HEAD_WORDS + index * FIELD_WORDS) * 2 + 1);
    return length === name.length && this.#slice(index, 0).toLowerCase() === name;
  }

  text(_record: number, offset: number, length: number): string {
    return this.#bytes.slice(offset, offset + length);
  }

  #slice(index: number, half: number): string {
    const at = (HEAD_WORDS + index * FIELD_WORDS) * 2 + half;
    const offset = this.#record.charCodeAt(at);
    return this.#bytes.slice(offset, offset + this.#record.charCodeAt(at + 1));
  }

  /** The end of the last part that the record refers to. */
  #size(): number {
    let size = 0;
    const starts = [HEAD_METHOD_OFFSET, HEAD_TARGET_OFFSET, HEAD_REASON_OFFSET];
    const lengths = [HEAD_METHOD_LENGTH, HEAD_TARGET_LENGTH, HEAD_REASON_LENGTH];
    for (let n = 0; n < starts.length; n++) {
      size = Math.max(size, this.word(0, starts[n]!) + this.word(0, lengths[n]!));
    }
    for (let at = HEAD_WORDS * 2; at < this.#record.length; at += 2) {
      size = Math.max(size, this.#record.charCodeAt(at) + this.#record.charCodeAt(at + 1));
    }
    return size;
  }
}
