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
}
