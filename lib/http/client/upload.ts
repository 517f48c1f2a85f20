/** What becomes of a body on its way out: packed, and its progress reported. */
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

/** How a body can be packed. */
export type UploadCoding = 'gzip' | 'deflate' | 'br';

/** Told while a body is sent: bytes on their way so far, and of how many; null for not known. */
export type UploadProgress = (sent: number, total: number | null) => void;

/** The part of the options of a request that says how its body goes out. */
export interface UploadOptions {
  /** Packs the body; true for gzip. It says so in `Content-Encoding`. */
  compress?: boolean | UploadCoding;
  /** Called for each piece handed to the connection, which has taken those before. */
  onUploadProgress?: UploadProgress;
  /**
   * Whether the server is asked whether it wants the body (`Expect: 100-continue`); without an
   * answer it is sent after a second.
   */
  expect100?: boolean;
}

/** A whole body is packed at once up to here. */
const AT_ONCE = 64 * 1024;
/** Bytes of the pieces in which the progress of a whole body is reported. */
const PIECE = 64 * 1024;

/** @throws TypeError that names the option */
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
 * The body that is sent in place of the given one.
 * @throws TypeError when it is packed by the program already, as the headers say
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

/** Whether it can be sent again, packed too. */
export function isRepeatable(body: OutgoingBody): boolean {
  return canSendAgain(body) || (body as { _again?: boolean })._again === true;
}

/** A stream that begins anew each time it is sent. */
function again(pieces: () => PieceIterator): BodyStream {
  return { [Symbol.asyncIterator]: pieces, _again: true } as unknown as BodyStream;
}

/** A stream of one use with its pieces changed; it stays in its lane. */
function through(body: BodyStream, pieces: () => PieceIterator): BodyStream {
  const lane = Symbol.asyncIterator in body ? Symbol.asyncIterator : Symbol.iterator;
  return { [lane]: pieces } as unknown as BodyStream;
}

function* inPieces(bytes: Uint8Array): Generator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

const ENDED: IteratorResult<unknown> = { done: true, value: undefined };

/**
 * Whether a step of a source is a piece, and not one of the ways to wait that a `function*` has.
 */
function isPiece({ done, value }: IteratorResult<unknown>): boolean {
  return (
    done !== true &&
    (typeof value === 'string' || ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
  );
}

/** Packs piece by piece in Node's threads; a source that waits goes on waiting where it did. */
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

/** The same body; `see` is called with each piece that it gives. */
export function watched(body: BodyStream | Blob, see: (piece: unknown) => void): BodyStream {
  const pieces = (): PieceIterator => passing(piecesOf(body), () => {}, see);
  return isBlob(body)
    ? ({ [Symbol.asyncIterator]: pieces } as unknown as BodyStream)
    : through(body as BodyStream, pieces);
}

/** The same body, whose pieces are reported. */
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

/** What goes for a Blob: it has a length, and can be sent again. */
function blobLike(size: number, pieces: () => PieceIterator): Blob {
  return { size, type: '', stream: () => ({ [Symbol.asyncIterator]: pieces }) } as unknown as Blob;
}

/** Reports a piece when the next one is asked for: until then it waits for the connection. */
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
 * The same pieces.
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
