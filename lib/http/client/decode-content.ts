/**
 * Decodes content codings of a body: a small one synchronously, others piece by piece in Node's
 * thread pool, so that the loop is not blocked. The output of every coding is limited.
 */
import type { Gunzip } from 'node:zlib';

import { ClientPayloadError } from './errors.ts';

/** How many codings may be nested, as in curl. A single one can already expand a thousandfold. */
const CODINGS_MAX = 5;

/** Largest packed and unpacked size, in bytes, for unpacking synchronously on the loop's thread. */
const AT_ONCE_IN = 64 * 1024;
const AT_ONCE_OUT = 256 * 1024;

/** Size in bytes of the pieces that Node's streams produce. */
const PIECE = 64 * 1024;

/** zstd is missing from the Node types that we compile with. */
interface Zstd {
  zstdDecompressSync(bytes: Uint8Array, options: object): Buffer;
  createZstdDecompress(options: object): Gunzip;
}

/**
 * log2 of 8 MiB, the largest window allowed for a zstd body (RFC 9659): otherwise a peer could make
 * us allocate 128 MiB with a few bytes.
 */
const ZSTD_WINDOW_LOG = 23;

/**
 * Whether Node decodes zstd reliably: from 24 on. Node 22 does not report a truncated body. Decided
 * by the version, so that zlib need not be loaded.
 */
export const HAS_ZSTD: boolean = Number.parseInt(process.versions.node, 10) >= 24;

function zstdParams(constants: Record<string, number>): object {
  return { [constants['ZSTD_d_windowLogMax']!]: ZSTD_WINDOW_LOG };
}

/**
 * The codings in a Content-Encoding header, in the order of decoding. Empty when one of them is
 * unknown: such a body is passed on undecoded.
 */
export function codingsOf(header: string | null): string[] {
  if (header === null) return [];
  const codings = header
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
    .reverse();
  const known = (coding: string): boolean =>
    /^(?:x-)?gzip$|^deflate$|^br$/.test(coding) || (coding === 'zstd' && HAS_ZSTD);
  return codings.every(known) ? codings : [];
}

function checkCount(codings: readonly string[]): void {
  if (codings.length <= CODINGS_MAX) return;
  throw new ClientPayloadError(
    `${codings.length} content codings on top of each other, where ${CODINGS_MAX} are taken off`,
  );
}

/**
 * Unpacks a small body synchronously.
 * @param most - largest output in bytes
 * @param always - whatever the size: while a `…Sync` call blocks the thread, Node's streams make no
 *   progress
 * @returns null when the body is too large for that, packed or unpacked
 * @throws ClientPayloadError for too many codings, invalid data, or more output than `most`
 */
export function unpackAtOnce(
  bytes: Uint8Array,
  codings: readonly string[],
  most: number,
  always: boolean,
): Uint8Array | null {
  checkCount(codings);
  if (!always && bytes.length > AT_ONCE_IN) return null;
  const here = always ? most : Math.min(most, AT_ONCE_OUT);
  let unpacked = bytes;
  for (const coding of codings) {
    try {
      unpacked = unpackOne(unpacked, coding, Math.min(here, 2 ** 32));
    } catch (error) {
      const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
      if (tooLarge && here < most) return null;
      throw tooLarge ? tooMuch(coding, most) : broken(coding, error);
    }
  }
  return unpacked;
}

function unpackOne(bytes: Uint8Array, coding: string, most: number): Uint8Array {
  // An empty body needs no decoding; so does the empty output of an outer coding.
  if (bytes.length === 0) return bytes;
  const zlib = process.getBuiltinModule('node:zlib');
  // zlib requires at least 1; a limit of 0 is checked below.
  const options = { maxOutputLength: Math.max(most, 1) };
  const unpacked =
    coding === 'zstd'
      ? (zlib as unknown as Zstd).zstdDecompressSync(bytes, {
          ...options,
          params: zstdParams(zlib.constants as never),
        })
      : coding === 'br'
        ? zlib.brotliDecompressSync(bytes, options)
        : coding !== 'deflate'
          ? zlib.gunzipSync(bytes, options)
          : isBare(bytes)
            ? zlib.inflateRawSync(bytes, options)
            : zlib.inflateSync(bytes, options);
  if (unpacked.length <= most) return unpacked;
  throw Object.assign(new RangeError(), { code: 'ERR_BUFFER_TOO_LARGE' });
}

/**
 * "deflate" means zlib's format (RFC 9110), but some servers send raw deflate: the first two bytes
 * show which.
 */
function isBare(bytes: Uint8Array): boolean {
  return (bytes[0]! & 0x0f) !== 8 || ((bytes[0]! << 8) + (bytes[1] ?? 0)) % 31 !== 0;
}

/**
 * Unpacks piece by piece. It reads from the source only as output is consumed, and closes the
 * source when it is closed.
 * @throws ClientPayloadError as `unpackAtOnce`; what the source throws
 */
export async function* unpackPieces(
  pieces: AsyncIterable<Uint8Array>,
  codings: readonly string[],
  most: number,
): AsyncGenerator<Uint8Array, void> {
  checkCount(codings);
  let unpacked = pieces;
  for (const coding of codings) unpacked = unpackLayer(unpacked, coding, most);
  yield* unpacked;
}

async function* unpackLayer(
  packed: AsyncIterable<Uint8Array>,
  coding: string,
  most: number,
): AsyncGenerator<Uint8Array, void> {
  const { Readable, pipeline } = process.getBuiltinModule('node:stream');
  const source = packed[Symbol.asyncIterator]();
  /** The error of the source, which must not be reported as invalid data. */
  let failure: unknown;
  const next = (): Promise<IteratorResult<Uint8Array>> =>
    source.next().catch((error: unknown) => {
      failure = error;
      throw error;
    });
  const from = async function* (first: Uint8Array): AsyncGenerator<Uint8Array, void> {
    try {
      yield first;
      for (let step; (step = await next()).done !== true;) yield step.value;
    } finally {
      await source.return?.();
    }
  };
  const first = await firstBytes(source);
  if (first === null) return;
  const unpacker = unpackerOf(coding, first);
  // The iteration below throws the error.
  pipeline(Readable.from(from(first), { objectMode: false }), unpacker, () => {});
  let size = 0;
  try {
    for await (const piece of unpacker as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > most) throw tooMuch(coding, most);
      yield piece;
    }
  } catch (error) {
    if (error instanceof ClientPayloadError) throw error;
    throw failure ?? broken(coding, error);
  }
}

/** At least two bytes, to recognise the format, unless there are fewer; null for an empty body. */
async function firstBytes(source: AsyncIterator<Uint8Array>): Promise<Uint8Array | null> {
  let first: Uint8Array | null = null;
  while (first === null || first.length < 2) {
    const step = await source.next();
    if (step.done === true) break;
    first = first === null ? step.value : Buffer.concat([first, step.value]);
  }
  return first === null || first.length === 0 ? null : first;
}

function unpackerOf(coding: string, first: Uint8Array): Gunzip {
  const zlib = process.getBuiltinModule('node:zlib');
  const options = { chunkSize: PIECE };
  if (coding === 'zstd') {
    const params = zstdParams(zlib.constants as never);
    return (zlib as unknown as Zstd).createZstdDecompress({ ...options, params });
  }
  if (coding === 'br') return zlib.createBrotliDecompress(options) as unknown as Gunzip;
  if (coding !== 'deflate') return zlib.createGunzip(options);
  return isBare(first)
    ? (zlib.createInflateRaw(options) as unknown as Gunzip)
    : (zlib.createInflate(options) as unknown as Gunzip);
}

function tooMuch(coding: string, most: number): ClientPayloadError {
  return new ClientPayloadError(
    `${coding} body unpacks to more than ${most} bytes` + ' (maxDecodedSize)',
  );
}

function broken(coding: string, cause: unknown): ClientPayloadError {
  return new ClientPayloadError(`${coding} body is broken: ${(cause as Error).message}`, { cause });
}
