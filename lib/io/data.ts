/** What can be written: text (sent as UTF-8) or bytes in any of the shapes JavaScript has. */
export type Data = string | ArrayBufferView | ArrayBufferLike;

/** The bytes of `data` without a copy, or undefined when it holds none (text included). */
export function bytesOf(data: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(data)) {
    return data instanceof Uint8Array
      ? data
      : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
  if (data instanceof ArrayBuffer || data instanceof SharedArrayBuffer) {
    return new Uint8Array(data as ArrayBuffer);
  }
  return undefined;
}

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;

function getterOf(name: 'length' | 'buffer' | 'byteOffset'): () => unknown {
  return Object.getOwnPropertyDescriptor(typedArray, name)!.get!;
}

const length = getterOf('length') as () => number;
const buffer = getterOf('buffer') as () => ArrayBuffer;
const byteOffset = getterOf('byteOffset') as () => number;

/**
 * The true byte length, whatever a `length` property defined by a subclass says: trusting that one
 * could send memory beyond the array.
 */
export function lengthOf(bytes: Uint8Array): number {
  return length.call(bytes);
}

/** The bytes `from` up to `to`, without calling code of a subclass. They must be within range. */
export function viewOf(bytes: Uint8Array, from: number, to: number): Uint8Array {
  return new Uint8Array(buffer.call(bytes), byteOffset.call(bytes) + from, to - from);
}

/** The error for an argument that is neither text nor bytes. */
export function notDataError(data: unknown, name = 'data'): TypeError {
  const given =
    data === null
      ? 'null'
      : typeof data === 'object'
        ? `an instance of ${data.constructor?.name ?? 'Object'}`
        : typeof data === 'function'
          ? 'a function'
          : `${typeof data} ${String(data)}`;
  return new TypeError(
    `${name} must be a string, a Buffer, a TypedArray, a DataView or an ArrayBuffer, not ${given}`,
  );
}
