import type { RawBuffer } from '../../core/support/raw-buffer.ts';
/** Where the head of a message can be read; `record` says which one. */
export interface MessageHead {
    /** A word of its record (`HEAD_*`). */
    word(record: number, index: number): number;
    fieldCount(record: number): number;
    fieldName(record: number, index: number): string;
    fieldValue(record: number, index: number): string;
    /** Whether it is the name of the field, which is in lower case here. */
    fieldIs(record: number, index: number, name: string): boolean;
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
    fieldIs(record: number, index: number, name: string): boolean;
    text(record: number, offset: number, length: number): string;
    /** Bytes of the chunk as UTF-8, as TextDecoder reads it: without a byte order mark. */
    utf8(start: number, end: number): string;
    /** A whole record, with the table of its fields, in half words. */
    record(record: number): string;
}
/** Something that has views on the receive chunk that was looked at last. */
export interface ChunkHolder {
}
