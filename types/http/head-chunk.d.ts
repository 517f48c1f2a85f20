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
export declare class HeadChunk implements MessageHead {
    #private;
    readonly bytes: RawBuffer;
    readonly words: Uint32Array;
    constructor(chunk: Uint8Array);
    fieldCount(record: number): number;
    fieldName(record: number, index: number): string;
    fieldValue(record: number, index: number): string;
    fieldNameLength(record: number, index: number): number;
    text(record: number, offset: number, length: number): string;
    /** The table of a head's fields: offset and length of a name, of its value, and so on. */
    table(record: number): string;
}
/** Something that has views on the receive chunk that was looked at last. */
export interface ChunkHolder {
    /** Takes along what it still needs of the chunk, so that the chunk can be collected. */
    _leaveChunk(): void;
}
/** The views of a chunk. */
export declare function headChunk(chunk: Uint8Array): HeadChunk;
/**
 * Says that `holder` has views on the current chunk and may have them for long. It is told to leave
 * as soon as another chunk is received into: a chunk has 256 KiB, and what waits is a head of some
 * hundred bytes or a few bytes of a body. Most are done before that, and nothing was copied.
 */
export declare function holdChunk(holder: ChunkHolder): void;
/** Has all holders leave, also in a chunk that goes on being received into. */
export declare function leaveChunks(): void;
/**
 * The head of one message, taken along in some hundred bytes: its text and its fields' table are
 * strings, since a typed array of any length costs more than that.
 */
export declare class OwnHead implements MessageHead {
    #private;
    readonly words: Uint32Array;
    constructor(chunk: HeadChunk, record: number);
    fieldCount(): number;
    fieldName(_record: number, index: number): string;
    fieldValue(_record: number, index: number): string;
    fieldNameLength(_record: number, index: number): number;
    text(_record: number, offset: number, length: number): string;
}
