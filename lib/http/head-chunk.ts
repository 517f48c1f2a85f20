/**
 * A receive chunk seen three ways: as bytes, as the words of head records, and as the half words
 * of their field tables. C++ writes many heads into one chunk, so the views of the chunk last
 * looked at are kept.
 */
import {
  FIELD_WORDS, HEAD_BYTES_OFFSET, HEAD_FIELD_COUNT, HEAD_METHOD_LENGTH, HEAD_METHOD_OFFSET,
  HEAD_REASON_LENGTH, HEAD_REASON_OFFSET, HEAD_TARGET_LENGTH, HEAD_TARGET_OFFSET, HEAD_WORDS,
} from '../native/layout.ts';
import type { RawBuffer } from './raw-buffer.ts';

/** Where the head of a message can be read; `record` says which one. */
export interface MessageHead {
  readonly words: Uint32Array;
  fieldCount(record: number): number;
  fieldName(record: number, index: number): string;
  fieldValue(record: number, index: number): string;
  fieldNameLength(record: number, index: number): number;
  /** Text of the head's bytes; offsets count from their start. */
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

  text(record: number, offset: number, length: number): string {
    const start = this.words[record + HEAD_BYTES_OFFSET]! + offset;
    return this.bytes.latin1Slice(start, start + length);
  }

  /** The table of a head's fields: offset and length of a name, of its value, and so on. */
  table(record: number): string {
    const start = (record + HEAD_WORDS) * 2;
    const end = start + this.fieldCount(record) * FIELD_WORDS * 2;
    return String.fromCharCode(...this.#halves.subarray(start, end));
  }

  #slice(record: number, index: number, half: number): string {
    const at = (record + HEAD_WORDS + index * FIELD_WORDS) * 2 + half;
    return this.text(record, this.#halves[at]!, this.#halves[at + 1]!);
  }
}

let lastChunk: Uint8Array | undefined;
let lastViews: HeadChunk | undefined;

/** Something that has views on the receive chunk that was looked at last. */
export interface ChunkHolder {
  /** Takes along what it still needs of the chunk, so that the chunk can be collected. */
  _leaveChunk(): void;
}

let holders: ChunkHolder[] = [];

/** The views of a chunk. */
export function headChunk(chunk: Uint8Array): HeadChunk {
  if (chunk !== lastChunk) {
    if (holders.length !== 0) leaveChunks();
    lastChunk = chunk;
    lastViews = new HeadChunk(chunk);
  }
  return lastViews!;
}

/**
 * Says that `holder` has views on the current chunk and may have them for long. It is told to leave
 * as soon as another chunk is received into: a chunk has 256 KiB, and what waits is a head of some
 * hundred bytes or a few bytes of a body. Most are done before that, and nothing was copied.
 */
export function holdChunk(holder: ChunkHolder): void {
  holders.push(holder);
}

/** Has all holders leave, also in a chunk that goes on being received into. */
export function leaveChunks(): void {
  const all = holders;
  holders = [];
  for (const holder of all) holder._leaveChunk();
}

/**
 * The head of one message, taken along in some hundred bytes: its text and its fields' table are
 * strings, since a typed array of any length costs more than that.
 */
export class OwnHead implements MessageHead {
  readonly words: Uint32Array;
  readonly #bytes: string;
  readonly #table: string;

  constructor(chunk: HeadChunk, record: number) {
    // Up to 64 bytes live within the object.
    this.words = chunk.words.slice(record, record + HEAD_WORDS);
    const start = this.words[HEAD_BYTES_OFFSET]!;
    this.#table = chunk.table(record);
    this.#bytes = chunk.bytes.latin1Slice(start, start + headSize(this.words, this.#table));
  }

  fieldCount(): number {
    return this.words[HEAD_FIELD_COUNT]!;
  }

  fieldName(_record: number, index: number): string {
    return this.#slice(index * 4);
  }

  fieldValue(_record: number, index: number): string {
    return this.#slice(index * 4 + 2);
  }

  fieldNameLength(_record: number, index: number): number {
    return this.#table.charCodeAt(index * 4 + 1);
  }

  text(_record: number, offset: number, length: number): string {
    return this.#bytes.slice(offset, offset + length);
  }

  #slice(at: number): string {
    const offset = this.#table.charCodeAt(at);
    return this.#bytes.slice(offset, offset + this.#table.charCodeAt(at + 1));
  }
}

/** Where the last byte is that a head's record points to. */
function headSize(words: Uint32Array, table: string): number {
  let size = Math.max(words[HEAD_METHOD_OFFSET]! + words[HEAD_METHOD_LENGTH]!,
    words[HEAD_TARGET_OFFSET]! + words[HEAD_TARGET_LENGTH]!,
    words[HEAD_REASON_OFFSET]! + words[HEAD_REASON_LENGTH]!);
  for (let at = 0; at < table.length; at += 2) {
    size = Math.max(size, table.charCodeAt(at) + table.charCodeAt(at + 1));
  }
  return size;
}
