/** A Buffer over `length` bytes of a receive chunk, from `offset` on; nothing is copied. */
export declare function bufferOver(chunk: Uint8Array, offset: number, length: number): Buffer;
