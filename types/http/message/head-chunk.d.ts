import type { RawBuffer } from './raw-buffer.ts';
/** Where the head of a message can be read; `record` says which one. */
export interface MessageHead {
    /** A word of its record (`HEAD_*`). */
    word(record: number, index: number): number;
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
    word(record: number, index: number): number;
    fieldCount(record: number): number;
    fieldName(record: number, index: number): string;
    fieldValue(record: number, index: number): string;
    fieldNameLength(record: number, index: number): number;
    text(record: number, offset: number, length: number): string;
    /** A whole record, with the table of its fields, in half words. */
    record(record: number): string;
}
/** Something that has views on the receive chunk that was looked at last. */
export interface ChunkHolder {
}
