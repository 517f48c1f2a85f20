/** What can be written: text (sent as UTF-8) or bytes in any of the shapes JavaScript has. */
export type Data = string | ArrayBufferView | ArrayBufferLike;
/** The bytes of `data` without a copy, or undefined when it holds none (text included). */
export declare function bytesOf(data: unknown): Uint8Array | undefined;
/**
 * How many bytes there are, whatever a property of that name says: what a length is believed for
 * is read from memory that others have written before.
 */
export declare function lengthOf(bytes: Uint8Array): number;
/** The bytes `from` up to `to`, without code of a subclass. They must be there. */
export declare function viewOf(bytes: Uint8Array, from: number, to: number): Uint8Array;
/** The error for an argument that is neither text nor bytes. */
export declare function notDataError(data: unknown, name?: string): TypeError;
