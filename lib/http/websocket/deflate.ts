/**
 * permessage-deflate (RFC 7692), with Node's zlib. Messages are compressed and decompressed
 * synchronously: passing one of a few KiB to another thread costs more than the work, and this way
 * they stay in order. Decompressing stops when the output exceeds the limit for a message.
 */
import type { DeflateRaw, InflateRaw } from 'node:zlib';
import { lengthOf } from '../../io/data.ts';

/** The negotiated parameters. */
export interface DeflateTerms {
  /** Whether our compressor keeps earlier messages as its dictionary (context takeover). */
  readonly ownTakeover: boolean;
  /** Whether the peer's compressor does. */
  readonly peerTakeover: boolean;
  /** Base-two logarithm of our compressor's window: 9 to 15. */
  readonly windowBits: number;
}

/** The end of a compressed message, which is not sent (RFC 7692, 7.2.1). */
const TAIL = Buffer.from([0, 0, 0xff, 0xff]);
const Z_SYNC_FLUSH = 2;
/**
 * An empty message, compressed (7.2.3.6). zlib would write nothing for it after a previous flush.
 */
const NOTHING = Buffer.alloc(1);

/** The internals of zlib's synchronous calls. */
interface Working {
  _handle: { close?: () => void } | null;
  _processChunk(bytes: Uint8Array, flush: number): Buffer;
  bytesWritten: number;
}

/**
 * zlib's synchronous calls close the coder when done, and none leaves it open for the next message.
 * So closing is suppressed during the call, as `minizlib` does, which npm uses.
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

/** An error is both thrown and emitted; without a listener, emitting would end the process. */
function quiet<T extends DeflateRaw | InflateRaw>(coder: T): T {
  coder.on('error', ignore);
  return coder;
}

function ignore(): void {}

/** The message decompresses to more than the limit. */
export class TooLargeUnpacked extends Error {}

/** Coders without context takeover, which connections share. */
export class SharedCoders {
  /** By {@link kindOf}. */
  deflate: Map<number, DeflateRaw> = new Map();
  inflate: InflateRaw | null = null;
}

/** A number for each window size and level: what is compressed alike. */
export function kindOf(windowBits: number, level: number | undefined): number {
  return windowBits * 16 + (level ?? 0);
}

export class Deflate {
  readonly terms: DeflateTerms;
  readonly #shared: SharedCoders;
  readonly #level: number | undefined;
  readonly #most: number;
  #deflate: DeflateRaw | null = null;
  #inflate: InflateRaw | null = null;
  #stale = false;

  /** @param most - largest decompressed message in bytes */
  constructor(terms: DeflateTerms, shared: SharedCoders, level: number | undefined, most: number) {
    this.terms = terms;
    this.#shared = shared;
    this.#level = level;
    this.#most = most;
  }

  get #kind(): number {
    return kindOf(this.terms.windowBits, this.#level);
  }

  pack(bytes: Uint8Array): Buffer {
    if (lengthOf(bytes) === 0) return NOTHING;
    const { ownTakeover, windowBits } = this.terms;
    let coder = ownTakeover ? this.#deflate : (this.#shared.deflate.get(this.#kind) ?? null);
    if (coder === null) {
      const zlib = process.getBuiltinModule('node:zlib');
      coder = quiet(
        zlib.createDeflateRaw({
          windowBits,
          ...(this.#level === undefined ? {} : { level: this.#level }),
        }),
      );
      if (ownTakeover) this.#deflate = coder;
      else this.#shared.deflate.set(this.#kind, coder);
    } else if (!ownTakeover || this.#stale) coder.reset();
    this.#stale = false;
    const packed = work(coder, bytes);
    return packed.subarray(0, packed.length - TAIL.length);
  }

  /**
   * A message was sent that another compressor made: earlier messages are not a valid dictionary.
   */
  forget(): void {
    this.#stale = true;
  }

  /** @throws TooLargeUnpacked; zlib's Error for invalid data */
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
    // The peer ended the deflate stream with a final block; the next message starts another.
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
