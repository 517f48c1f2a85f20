import type { RawBuffer } from './raw-buffer.ts';
export declare class HeadChunk {
    #private;
    readonly bytes: RawBuffer;
    readonly words: Uint32Array;
    constructor(chunk: Uint8Array);
    fieldCount(record: number): number;
    fieldName(record: number, index: number): string;
    fieldValue(record: number, index: number): string;
    fieldNameLength(record: number, index: number): number;
    /** Text of the head's bytes; offsets count from their start. */
    text(record: number, offset: number, length: number): string;
}
/** The views of a chunk. */
export declare function headChunk(chunk: Uint8Array): HeadChunk;
