/** The values that can be sent as a body, and their conversion to pieces. */
import { FileBody } from './file-body.ts';
import { Headers } from './headers.ts';
import { MultipartBody } from './multipart-body.ts';
import { OpenFile } from './open-file.ts';

export type BodyPiece = string | ArrayBuffer | ArrayBufferView;

/** A body whose pieces are read one after another, with backpressure. */
export type BodyStream =
  | AsyncIterable<BodyPiece>
  | Iterable<BodyPiece>
  | Generator<unknown, unknown, any>;

/**
 * A whole body or a stream: a generator or an async generator, a ReadableStream, anything that
 * iterates over strings or bytes. A `function*` may wait between its pieces (`yield* sleep(1)`).
 * A stream of unknown length goes out in chunks; a Blob has a length, and a type. A FormData goes
 * out as multipart/form-data.
 */
export type BodyInit = BodyPiece | BodyStream | Blob | FormData | URLSearchParams | null;

/** A body as it is stored until it is sent. */
export type OutgoingBody = string | Uint8Array | BodyStream | Blob | MultipartBody | null;

/**
 * Tags of iterables that are not streams of pieces: without this check the error would come in the
 * middle of the body, after the head was sent.
 */
const COLLECTIONS = new Set(['Map', 'Set', 'Headers', 'Map Iterator']);

/**
 * Checks a body given by the user, and converts it to what is stored.
 * @throws TypeError when it cannot be sent
 */
export function checkBody(body: unknown, name = 'body'): OutgoingBody {
  if (body === null || body === undefined) return null;
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  if (typeof body !== 'object') throw noBody(body, name);
  if (ArrayBuffer.isView(body) || isBuffer(body)) return pieceBytes(body);
  if (body instanceof URLSearchParams) return body.toString();
  if (isBlob(body)) return body;
  if (tagOf(body) === 'FormData') return new MultipartBody(body as FormData);
  if (isCollection(body)) throw noBody(body, name);
  if (Symbol.asyncIterator in body || Symbol.iterator in body) return body as BodyStream;
  throw noBody(body, name);
}

function noBody(body: unknown, name: string): TypeError {
  return new TypeError(
    `${name} must be a string, bytes, a Blob, a FormData, a generator or another stream ` +
      `of strings or bytes, or null, not ${describe(body)}`,
  );
}

function isCollection(body: object): boolean {
  return Array.isArray(body) || body instanceof Headers || COLLECTIONS.has(tagOf(body));
}

/** Also true for buffers of another realm, which has its own classes. */
function isBuffer(value: object): value is ArrayBuffer {
  return value instanceof ArrayBuffer || /^(?:Shared)?ArrayBuffer$/.test(tagOf(value));
}

function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** Whether it is a Blob or a File: a stream of known length and type that can be read again. */
export function isBlob(body: unknown): body is Blob {
  return (
    typeof body === 'object' &&
    body !== null &&
    typeof (body as Blob).stream === 'function' &&
    typeof (body as Blob).size === 'number'
  );
}

/**
 * The Content-Type that a body implies, or null.
 * @param kept - the result of `checkBody`
 */
export function typeOfBody(body: unknown, kept: OutgoingBody): string | null {
  if (kept instanceof MultipartBody) return kept.type;
  if (typeof body === 'string') return 'text/plain;charset=UTF-8';
  if (body instanceof URLSearchParams) return 'application/x-www-form-urlencoded;charset=UTF-8';
  return isBlob(body) && body.type !== '' ? body.type : null;
}

/**
 * Whether it is a received body that was decompressed. Its Content-Encoding and Content-Length no
 * longer describe it.
 */
export function isUnpacked(body: unknown): boolean {
  return (
    typeof body === 'object' &&
    body !== null &&
    (body as { _unpacked?: boolean })._unpacked === true
  );
}

/** Whether the body comes in pieces. */
export function isStream(body: OutgoingBody): body is BodyStream | Blob {
  return typeof body === 'object' && body !== null && !(body instanceof Uint8Array);
}

/** Whether it can be sent again: most streams can be read only once. */
export function canSendAgain(body: OutgoingBody): boolean {
  if (!isStream(body) || isBlob(body)) return true;
  return body instanceof MultipartBody || body instanceof FileBody;
}

/** The size of the body in bytes; null for a stream of unknown size. */
export function sizeOfBody(body: OutgoingBody): number | null {
  if (body === null) return 0;
  if (typeof body === 'string') return Buffer.byteLength(body);
  if (body instanceof Uint8Array) return body.byteLength;
  return isBlob(body) || body instanceof MultipartBody || body instanceof OpenFile
    ? body.size
    : null;
}

/** The bytes of one piece of a stream. */
export function pieceBytes(piece: unknown): Uint8Array {
  if (typeof piece === 'string') return Buffer.from(piece, 'utf8');
  if (piece instanceof Uint8Array) return piece;
  if (ArrayBuffer.isView(piece)) {
    return new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
  }
  if (typeof piece === 'object' && piece !== null && isBuffer(piece)) return new Uint8Array(piece);
  throw new TypeError(`a body stream must give strings or bytes, not ${describe(piece)}`);
}

/**
 * An iterator over the pieces, with the same interface for synchronous and asynchronous sources.
 */
export function piecesOf(body: BodyStream | Blob): PieceIterator {
  const stream = isBlob(body) ? (body.stream() as unknown as AsyncIterable<BodyPiece>) : body;
  if (Symbol.asyncIterator in stream) {
    return stream[Symbol.asyncIterator]() as unknown as PieceIterator;
  }
  return (stream as Iterable<BodyPiece>)[Symbol.iterator]() as unknown as PieceIterator;
}

type PieceStep = IteratorResult<unknown> | Promise<IteratorResult<unknown>>;

export interface PieceIterator {
  next(): PieceStep;
  /** Throws the error of a failed wait into a generator that waits between pieces. */
  throw?(error: unknown): PieceStep;
  return?(): PieceStep;
}

export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  try {
    const name: unknown = (value as object).constructor?.name;
    return typeof name === 'string' && name !== '' ? name : 'an object';
  } catch {
    return 'an object';
  }
}
