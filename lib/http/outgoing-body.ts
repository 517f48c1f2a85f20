/** What may be sent as a body, and how it is taken apart. */

export type BodyPiece = string | Uint8Array | ArrayBuffer;

/** A body whose pieces come one after another, with backpressure. */
export type BodyStream = AsyncIterable<BodyPiece> | Iterable<BodyPiece>;

/**
 * A whole body or a stream: an (async) generator object, a ReadableStream, anything iterable that
 * gives strings or bytes. A stream of unknown length goes out in chunks.
 */
export type BodyInit = BodyPiece | ArrayBufferView | BodyStream | URLSearchParams | null;

/** A body as it is kept until it goes out. */
export type OutgoingBody = string | Uint8Array | BodyStream | null;

/**
 * Narrows a body given by the user.
 * @throws TypeError when it is nothing that can be sent
 */
export function checkBody(body: unknown): OutgoingBody {
  if (body === null || body === undefined) return null;
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  if (typeof body === 'object') {
    if (body instanceof ArrayBuffer) return new Uint8Array(body);
    if (ArrayBuffer.isView(body)) {
      return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
    }
    if (body instanceof URLSearchParams) return body.toString();
    if (Symbol.asyncIterator in body || Symbol.iterator in body) return body as BodyStream;
    if (typeof (body as Blob).stream === 'function') {
      return (body as Blob).stream() as unknown as BodyStream;
    }
  }
  throw new TypeError('body must be a string, bytes, an iterable of them, a ReadableStream or '
    + `null, not ${describe(body)}`);
}

/** Whether the body comes in pieces. */
export function isStream(body: OutgoingBody): body is BodyStream {
  return typeof body === 'object' && body !== null && !(body instanceof Uint8Array);
}

/** The bytes of one piece of a stream. */
export function pieceBytes(piece: unknown): Uint8Array {
  if (typeof piece === 'string') return Buffer.from(piece, 'utf8');
  if (piece instanceof Uint8Array) return piece;
  if (piece instanceof ArrayBuffer) return new Uint8Array(piece);
  throw new TypeError(`a body stream must give strings or bytes, not ${describe(piece)}`);
}

/** An iterator over the pieces, with one shape for synchronous and asynchronous sources. */
export function piecesOf(body: BodyStream): PieceIterator {
  if (Symbol.asyncIterator in body) {
    const iterator = body[Symbol.asyncIterator]();
    return { next: () => iterator.next(), return: () => iterator.return?.() };
  }
  const iterator = body[Symbol.iterator]();
  return { next: () => iterator.next(), return: () => iterator.return?.() };
}

export interface PieceIterator {
  next(): IteratorResult<unknown> | Promise<IteratorResult<unknown>>;
  return(): unknown;
}

export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  return (value as object).constructor?.name ?? 'an object';
}
