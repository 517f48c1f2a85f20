/** What can be written: text (sent as UTF-8) or bytes in any of the shapes JavaScript has. */
export type Data = string | ArrayBufferView | ArrayBufferLike;

/** The bytes of `data` without a copy, or undefined when it holds none (text included). */
export function bytesOf(data: unknown): Uint8Array | undefined {
  if (data instanceof Uint8Array) return data;
  if (ArrayBuffer.isView(data)) {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
  if (data instanceof ArrayBuffer || data instanceof SharedArrayBuffer) {
    return new Uint8Array(data as ArrayBuffer);
  }
  return undefined;
}

/** The error for an argument that is neither text nor bytes. */
export function notDataError(data: unknown, name = 'data'): TypeError {
  const given = data === null ? 'null'
    : typeof data === 'object' ? `an instance of ${data.constructor?.name ?? 'Object'}`
      : typeof data === 'function' ? 'a function' : `${typeof data} ${String(data)}`;
  return new TypeError(
    `${name} must be a string, a Buffer, a TypedArray, a DataView or an ArrayBuffer, not ${given}`,
  );
}
