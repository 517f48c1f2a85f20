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
    /** Decodes bytes of the chunk as UTF-8, dropping a byte order mark as TextDecoder does. */
    utf8(start: number, end: number): string;
    /** A record with its field table, as a string with one character per half word. */
    record(record: number): string;
}
/** Has views of the current receive chunk. */
export interface ChunkHolder {
}
