/** How bodies are packed: gzip, br and zstd of Node's zlib, which is loaded on first use. */
import { describe as shown } from '../../core/support/describe.ts';
import type { Transform } from 'node:stream';

import type { Coro } from '../../core/support/types.ts';
import { promise } from '../../tasks/promise.ts';
import { describe, isBlob, pieceBytes, piecesOf } from '../message/outgoing-body.ts';
import type { BodyStream, PieceIterator } from '../message/outgoing-body.ts';
import { waits } from '../message/pump-body.ts';

/** The supported content codings. */
export type ContentCoding = 'gzip' | 'br' | 'zstd';

/** zstd is only in newer versions of Node, and not in the type declarations. */
interface Zstd {
  zstdCompressSync(bytes: Uint8Array): Uint8Array;
  zstdCompress(bytes: Uint8Array, done: (error: Error | null, packed: Uint8Array) => void): void;
  createZstdCompress(options: { flush: number }): Transform;
  readonly constants: { readonly ZSTD_e_flush: number };
}

type Zlib = typeof import('node:zlib') & Zstd;

/** Bodies up to this size, in bytes, are compressed synchronously, in less than a millisecond. */
const AT_ONCE = 32 * 1024;

const ALL: readonly ContentCoding[] = ['zstd', 'br', 'gzip'];

/** Text, and formats that compress as well as text. */
const PACKABLE =
  /^\s*(?:text\/|application\/(?:json|javascript|xml|wasm|graphql|x-ndjson|manifest)|image\/(?:svg\+xml|bmp)|font\/(?:ttf|otf)|[^;]*\+(?:json|xml|text|yaml)\b)/i;

export function isPackable(type: string): boolean {
  return PACKABLE.test(type);
}

function zlib(): Zlib {
  return process.getBuiltinModule('node:zlib') as Zlib;
}

function hasZstd(): boolean {
  return 'zstdCompressSync' in zlib();
}

/** The usable codings of those given. @throws TypeError unless all are supported codings */
export function packers(given: readonly ContentCoding[] = ALL): ContentCoding[] {
  if (!Array.isArray(given)) {
    throw new TypeError(`compression(): encodings must be an array, not ${describe(given)}`);
  }
  const unknown = given.find((coding) => !ALL.includes(coding as ContentCoding)) as unknown;
  if (unknown !== undefined) {
    throw new TypeError(`compression(): ${shown(unknown)} is none of ${ALL.join(', ')}`);
  }
  return (given as ContentCoding[]).filter((coding) => coding !== 'zstd' || hasZstd());
}

/** The highest (default) quality of br takes a hundred times as long as this one. */
function brotliOptions(size?: number): import('node:zlib').BrotliOptions {
  const { constants } = zlib();
  const params: Record<number, number> = { [constants.BROTLI_PARAM_QUALITY]: 4 };
  if (size !== undefined) params[constants.BROTLI_PARAM_SIZE_HINT] = size;
  return { params };
}

/** Compresses a whole body: a small one synchronously, a large one in Node's threads. */
export function* packAll(coding: ContentCoding, body: string | Uint8Array): Coro<Uint8Array> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const { gzipSync, brotliCompressSync, zstdCompressSync } = zlib();
  if (bytes.length <= AT_ONCE) {
    if (coding === 'gzip') return gzipSync(bytes);
    if (coding === 'br') return brotliCompressSync(bytes, brotliOptions(bytes.length));
    return zstdCompressSync(bytes);
  }
  return yield* promise(
    new Promise<Uint8Array>((resolve, reject) => {
      const done = (error: Error | null, packed: Uint8Array): void =>
        error === null ? resolve(packed) : reject(error);
      const { gzip, brotliCompress, zstdCompress } = zlib();
      if (coding === 'gzip') gzip(bytes, done);
      else if (coding === 'br') brotliCompress(bytes, brotliOptions(bytes.length), done);
      else zstdCompress(bytes, done);
    }),
  );
}

/** Compresses a body that comes in pieces; each piece is compressed and flushed as it comes. */
export function packPieces(coding: ContentCoding, body: BodyStream | Blob): BodyStream {
  const pieces = (): PackedPieces => new PackedPieces(piecesOf(body), packer(coding));
  const isAsync = isBlob(body) || Symbol.asyncIterator in body;
  const symbol = isAsync ? Symbol.asyncIterator : Symbol.iterator;
  return { [symbol]: pieces } as unknown as BodyStream;
}

function packer(coding: ContentCoding): Transform {
  const { constants, createGzip, createBrotliCompress, createZstdCompress } = zlib();
  if (coding === 'gzip') return createGzip({ flush: constants.Z_SYNC_FLUSH });
  if (coding === 'br') {
    return createBrotliCompress({ ...brotliOptions(), flush: constants.BROTLI_OPERATION_FLUSH });
  }
  return createZstdCompress({ flush: constants.ZSTD_e_flush });
}

type Step = IteratorResult<unknown>;

/**
 * Compresses the pieces of a source. Steps of a `function*` that waits pass through unchanged,
 * since the sender of the body does the waiting.
 */
class PackedPieces {
  readonly #source: PieceIterator;
  readonly #zip: Transform;
  #out: Uint8Array[] = [];
  #fail: (error: Error) => void = () => {};
  #ended = false;

  constructor(source: PieceIterator, zip: Transform) {
    this.#source = source;
    this.#zip = zip;
    zip.on('data', (piece: Uint8Array) => this.#out.push(piece));
    zip.on('error', (error) => this.#fail(error));
  }

  next(): Step | Promise<Step> {
    return this.#packed(this.#source.next());
  }

  throw(error: unknown): Step | Promise<Step> {
    if (this.#source.throw === undefined) throw error;
    return this.#packed(this.#source.throw(error));
  }

  return(): Step | Promise<Step> {
    this.#zip.destroy();
    return this.#source.return?.() ?? { done: true, value: undefined };
  }

  #packed(step: Step | Promise<Step>): Step | Promise<Step> {
    if (step instanceof Promise) return step.then((later) => this.#packed(later));
    if (this.#ended) return { done: true, value: undefined };
    if (step.done === true) {
      this.#ended = true;
      return this.#taken((done) => this.#zip.once('end', done).end());
    }
    if (waits(step)) return step;
    const bytes = pieceBytes(step.value);
    if (bytes.length === 0) return step;
    return this.#taken((done) => this.#zip.write(bytes, done));
  }

  /** The compressed output once `act` is done. */
  #taken(act: (done: () => void) => unknown): Promise<Step> {
    return new Promise((resolve, reject) => {
      this.#fail = reject;
      act(() => {
        const value = Buffer.concat(this.#out);
        this.#out = [];
        resolve({ done: false, value });
      });
    });
  }
}
