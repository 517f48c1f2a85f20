/** Options for a body being sent: compression, progress and `Expect: 100-continue`. */
import type { Zlib } from 'node:zlib';

import type { BodyStream, OutgoingBody, PieceIterator } from '../message/outgoing-body.ts';
import {
  isBlob,
  canSendAgain,
  describe,
  isStream,
  pieceBytes,
  piecesOf,
  sizeOfBody,
} from '../message/outgoing-body.ts';
import type { Headers } from '../message/headers.ts';

/** Codings for an uploaded body. */
export type UploadCoding = 'gzip' | 'deflate' | 'br';

/** Called while a body is sent: bytes sent so far, and the total; null if unknown. */
export type UploadProgress = (sent: number, total: number | null) => void;

/** The options of a request for sending its body. */
export interface UploadOptions {
  /** Compresses the body, with gzip for true, and sets `Content-Encoding`. */
  compress?: boolean | UploadCoding;
  /** Called for each piece, once the connection has accepted it. */
  onUploadProgress?: UploadProgress;
  /**
   * Whether to ask the server first if it wants the body (`Expect: 100-continue`); without an
   * answer the body is sent after a second. Default false.
   */
  expect100?: boolean;
}

/** Largest body, in bytes, that is compressed synchronously. */
const AT_ONCE = 64 * 1024;
/** Size in bytes of the pieces in which a whole body is reported and compressed. */
const PIECE = 64 * 1024;

/** @throws TypeError naming the option */
export function checkUpload(where: string, options: UploadOptions): void {
  const { compress, onUploadProgress } = options;
  const codings: unknown[] = [undefined, true, false, 'gzip', 'deflate', 'br'];
  if (!codings.includes(compress)) {
    throw new TypeError(
      `${where}: compress must be true, false, 'gzip', 'deflate' or 'br', not ${shown(compress)}`,
    );
  }
  if (onUploadProgress === undefined || typeof onUploadProgress === 'function') return;
  throw new TypeError(
    `${where}: onUploadProgress must be a function, not ${describe(onUploadProgress)}`,
  );
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : describe(value);
}

/**
 * The body to send in place of the given one.
 * @throws TypeError when `compress` is set and the headers already have a coding
 */
export function shaped(
  given: OutgoingBody,
  headers: Headers,
  options: UploadOptions,
): OutgoingBody {
  const { compress = false, onUploadProgress } = options;
  let body = given;
  if (body !== null && compress !== false) {
    if (headers.has('content-encoding')) {
      throw new TypeError('both compress and the headers say how the body is packed');
    }
    const coding = compress === true ? 'gzip' : compress;
    headers.set('content-encoding', coding);
    headers.delete('content-length');
    body = packed(body, coding);
  }
  if (options.expect100 === true && body !== null) headers.set('expect', '100-continue');
  return body === null || onUploadProgress === undefined ? body : told(body, onUploadProgress);
}

function packed(body: Exclude<OutgoingBody, null>, coding: UploadCoding): OutgoingBody {
  if (!isStream(body)) {
    const bytes = pieceBytes(body);
    if (bytes.length <= AT_ONCE) return packAtOnce(bytes, coding);
    return again(() => packing(inPieces(bytes), coding));
  }
  if (isRepeatable(body)) return again(() => packing(piecesOf(body), coding));
  return through(body as BodyStream, () => packing(piecesOf(body), coding));
}

function packAtOnce(bytes: Uint8Array, coding: UploadCoding): Uint8Array {
  const zlib = process.getBuiltinModule('node:zlib');
  if (coding === 'br') return zlib.brotliCompressSync(bytes);
  return coding === 'gzip' ? zlib.gzipSync(bytes) : zlib.deflateSync(bytes);
}

/** Whether it can be sent again, including compressed bodies. */
export function isRepeatable(body: OutgoingBody): boolean {
  return canSendAgain(body) || (body as { _again?: boolean })._again === true;
}

/** A stream that starts anew each time it is sent. */
function again(pieces: () => PieceIterator): BodyStream {
  return { [Symbol.asyncIterator]: pieces, _again: true } as unknown as BodyStream;
}

/** A stream for one use with other pieces; sync or async like the original. */
function through(body: BodyStream, pieces: () => PieceIterator): BodyStream {
  const lane = Symbol.asyncIterator in body ? Symbol.asyncIterator : Symbol.iterator;
  return { [lane]: pieces } as unknown as BodyStream;
}

function* inPieces(bytes: Uint8Array): Generator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

const ENDED: IteratorResult<unknown> = { done: true, value: undefined };

/** Whether a step of a source is a piece, rather than something that a `function*` waits for. */
function isPiece({ done, value }: IteratorResult<unknown>): boolean {
  return (
    done !== true &&
    (typeof value === 'string' || ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
  );
}

/** Compresses piece by piece in Node's threads. What the source waits for is passed through. */
function packing(source: PieceIterator, coding: UploadCoding): PieceIterator {
  const packer = makePacker(coding);
  let out: Uint8Array[] = [];
  let ended = false;
  let failure: unknown = null;
  packer.on('data', (piece: Uint8Array) => out.push(piece));
  packer.on('error', (error) => (failure = error));
  const taken = (): Uint8Array => {
    const made = Buffer.concat(out);
    out = [];
    return made;
  };
  const feed = (value: unknown): Promise<IteratorResult<unknown>> =>
    new Promise((resolve, reject) => {
      packer.write(pieceBytes(value), () => {
        if (failure === null) resolve({ done: false, value: taken() });
        else reject(failure as Error);
      });
    });
  const finish = (): Promise<IteratorResult<unknown>> =>
    new Promise((resolve, reject) => {
      ended = true;
      packer.on('error', reject);
      packer.on('end', () => resolve({ done: false, value: taken() }));
      packer.end();
    });
  const step = (
    given: IteratorResult<unknown>,
  ): IteratorResult<unknown> | Promise<IteratorResult<unknown>> => {
    if (given.done === true) return ended ? ENDED : finish();
    return isPiece(given) ? feed(given.value) : given;
  };
  const after = (
    given: IteratorResult<unknown> | Promise<IteratorResult<unknown>>,
  ): IteratorResult<unknown> | Promise<IteratorResult<unknown>> =>
    given instanceof Promise ? given.then(step) : step(given);
  const iterator: PieceIterator = {
    next: () => (ended ? ENDED : after(source.next())),
    return: () => {
      packer.destroy();
      return source.return?.() ?? ENDED;
    },
  };
  if (source.throw !== undefined) iterator.throw = (error) => after(source.throw!(error));
  return iterator;
}

function makePacker(coding: UploadCoding): Zlib & NodeJS.ReadWriteStream & { destroy(): void } {
  const zlib = process.getBuiltinModule('node:zlib');
  const made =
    coding === 'br'
      ? zlib.createBrotliCompress()
      : coding === 'gzip'
        ? zlib.createGzip()
        : zlib.createDeflate();
  return made as never;
}

/** The same body; `see` is called with each of its pieces. */
export function watched(body: BodyStream | Blob, see: (piece: unknown) => void): BodyStream {
  const pieces = (): PieceIterator => passing(piecesOf(body), () => {}, see);
  return isBlob(body)
    ? ({ [Symbol.asyncIterator]: pieces } as unknown as BodyStream)
    : through(body as BodyStream, pieces);
}

/** The same body, reporting progress. */
function told(body: Exclude<OutgoingBody, null>, tell: UploadProgress): OutgoingBody {
  if (!isStream(body)) {
    const bytes = pieceBytes(body);
    return blobLike(bytes.length, () => counting(inPieces(bytes), bytes.length, tell));
  }
  const size = sizeOfBody(body);
  const counted = (): PieceIterator => counting(piecesOf(body), size, tell);
  if (!isRepeatable(body)) return through(body as BodyStream, () => counted());
  return size === null ? again(counted) : blobLike(size, counted);
}

/** An object that is treated as a Blob: it has a length, and can be sent again. */
function blobLike(size: number, pieces: () => PieceIterator): Blob {
  return { size, type: '', stream: () => ({ [Symbol.asyncIterator]: pieces }) } as unknown as Blob;
}

/** Reports a piece when the next one is asked for: only then has the connection accepted it. */
function counting(
  source: PieceIterator,
  total: number | null,
  tell: UploadProgress,
): PieceIterator {
  let sent = 0;
  let coming = 0;
  const report = (): void => {
    if (coming === 0) return;
    sent += coming;
    coming = 0;
    tell(sent, total);
  };
  return passing(source, report, (piece) => {
    coming = pieceBytes(piece).length;
  });
}

/**
 * The same pieces, observed.
 * @param asked - called before each step
 * @param given - called with each piece
 */
function passing(
  source: PieceIterator,
  asked: () => void,
  given: (piece: unknown) => void,
): PieceIterator {
  const note = (step: IteratorResult<unknown>): IteratorResult<unknown> => {
    if (isPiece(step)) given(step.value);
    return step;
  };
  const after = (
    step: IteratorResult<unknown> | Promise<IteratorResult<unknown>>,
  ): IteratorResult<unknown> | Promise<IteratorResult<unknown>> =>
    step instanceof Promise ? step.then(note) : note(step);
  const iterator: PieceIterator = {
    next: () => {
      asked();
      return after(source.next());
    },
    return: () => source.return?.() ?? ENDED,
  };
  if (source.throw !== undefined) iterator.throw = (error) => after(source.throw!(error));
  return iterator;
}
