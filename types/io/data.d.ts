/** What can be written: text (sent as UTF-8) or bytes in any of the shapes JavaScript has. */
export type Data = string | ArrayBufferView | ArrayBufferLike;
