/**
 * permessage-deflate (RFC 7692), on Node's zlib. Messages are packed and unpacked at once, on the
 * thread: handing one of a few KiB over to another thread costs more than the work, and their order
 * stays what it is. What unpacks to more than a message may have is refused on the way.
 */
import type { DeflateRaw, InflateRaw } from 'node:zlib';
import { lengthOf } from '../../io/data.ts';

/** What both sides have agreed on. */
export interface DeflateTerms {
  /** What we have packed before is a dictionary for what we pack. */
  readonly ownTakeover: boolean;
  /** The same of what the peer packs. */
  readonly peerTakeover: boolean;
  /** Base two logarithm of the window that we may pack with: 9 to 15. */
  readonly windowBits: number;
}

/** What behind a packed message is left out (RFC 7692, 7.2.1). */
const TAIL = Buffer.from([0, 0, 0xff, 0xff]);
const Z_SYNC_FLUSH = 2;
/** A message of nothing, packed (7.2.3.6): zlib writes no second end behind the one before. */
const NOTHING = Buffer.alloc(1);

/** What zlib's own synchronous calls are made of. */
interface Working {
  _handle: { close?: () => void } | null;
  _processChunk(bytes: Uint8Array, flush: number): Buffer;
  bytesWritten: number;
}

/**
 * The synchronous calls close their coder when they are done, and there is none that leaves it open
 * for the next message. So its end is put off, as `minizlib` does, which npm unpacks with.
 */
function work(coder: DeflateRaw | InflateRaw, bytes: Uint8Array): Buffer {
  const working = coder as unknown as Working;
  const handle = working._handle!;
  handle.close = () => {};
  try {
    return working._processChunk(bytes, Z_SYNC_FLUSH);
  } finally {
    delete handle.close;
    working._handle = handle;
    // Each call leaves a listener behind.
    quiet(coder.removeAllListeners('error'));
  }
}

/** An error is thrown by the call, and emitted as well, which would end the process. */
function quiet<T extends DeflateRaw | InflateRaw>(coder: T): T {
  coder.on('error', ignore);
  return coder;
}

function ignore(): void {}

/** The message unpacks to more than is allowed. */
export class TooLargeUnpacked extends Error {}

/** The two coders that all connections of a kind share which keep no context. */
export class SharedCoders {
  deflate: Map<number, DeflateRaw> = new Map();
  inflate: InflateRaw | null = null;
}

export class Deflate {
  readonly terms: DeflateTerms;
  readonly #shared: SharedCoders;
  readonly #level: number | undefined;
  readonly #most: number;
  #deflate: DeflateRaw | null = null;
  #inflate: InflateRaw | null = null;
  #stale = false;

  /** @param most - bytes that a message may unpack to */
  constructor(terms: DeflateTerms, shared: SharedCoders, level: number | undefined, most: number) {
    this.terms = terms;
    this.#shared = shared;
    this.#level = level;
    this.#most = most;
  }

  pack(bytes: Uint8Array): Buffer {
    if (lengthOf(bytes) === 0) return NOTHING;
    const { ownTakeover, windowBits } = this.terms;
    let coder = ownTakeover ? this.#deflate : (this.#shared.deflate.get(windowBits) ?? null);
    if (coder === null) {
      const zlib = process.getBuiltinModule('node:zlib');
      coder = quiet(
        zlib.createDeflateRaw({
          windowBits,
          ...(this.#level === undefined ? {} : { level: this.#level }),
        }),
      );
      if (ownTakeover) this.#deflate = coder;
      else this.#shared.deflate.set(windowBits, coder);
    } else if (!ownTakeover || this.#stale) coder.reset();
    this.#stale = false;
    const packed = work(coder, bytes);
    return packed.subarray(0, packed.length - TAIL.length);
  }

  /** Something was sent that was packed elsewhere: what was packed before is no dictionary now. */
  forget(): void {
    this.#stale = true;
  }

  /** @throws TooLargeUnpacked; Error of zlib for what is not packed */
  unpack(bytes: Uint8Array): Buffer {
    const takeover = this.terms.peerTakeover;
    let coder = takeover ? this.#inflate : this.#shared.inflate;
    if (coder === null) {
      const zlib = process.getBuiltinModule('node:zlib');
      coder = quiet(zlib.createInflateRaw({ maxOutputLength: this.#most + 1 }));
    } else if (!takeover) coder.reset();
    this.#keep(null);
    let unpacked: Buffer;
    const whole = Buffer.concat([bytes, TAIL]);
    try {
      unpacked = work(coder, whole);
    } catch (error) {
      coder.close();
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
        throw new TooLargeUnpacked();
      }
      throw error;
    }
    if (unpacked.length > this.#most) throw new TooLargeUnpacked();
    // A last block may end the stream; what comes next begins another.
    if ((coder as unknown as Working).bytesWritten < whole.length) coder.reset();
    this.#keep(coder);
    return unpacked;
  }

  close(): void {
    this.#deflate?.destroy();
    this.#inflate?.destroy();
    this.#deflate = null;
    this.#inflate = null;
  }

  #keep(coder: InflateRaw | null): void {
    if (this.terms.peerTakeover) this.#inflate = coder;
    else this.#shared.inflate = coder;
  }
}
