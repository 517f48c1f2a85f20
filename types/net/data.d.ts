/** What can be written: text (sent as UTF-8) or bytes in any of the shapes JavaScript has. */
export type Data = string | ArrayBufferView | ArrayBufferLike;
/** The bytes of `data` without a copy, or undefined when it holds none (text included). */
export declare function bytesOf(data: unknown): Uint8Array | undefined;
/** The error for an argument that is neither text nor bytes. */
export declare function notDataError(data: unknown, name?: string): TypeError;
