/** An open file as a body. */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { READ_BYTES, readPiece } from '../../io/file-source.ts';

/** An open file that must be released. */
export interface HeldFile {
  readonly descriptor: number;
  /** Releases the file; must be called once. */
  release(): void;
}

/** A range of the file, or other bytes to send between ranges. */
export type FilePiece = { readonly offset: number; readonly count: number } | Uint8Array;

/**
 * An open file as a body. It sends exactly the announced number of bytes: if the file has grown
 * since, the rest is not sent; if it has become shorter, the connection is closed.
 */
export class OpenFile implements AsyncIterable<Uint8Array> {
  readonly descriptor: number;
  readonly pieces: readonly FilePiece[];
  /** The size of all pieces in bytes. */
  readonly size: number;
  readonly #loop: EventLoop;
  readonly #file: HeldFile;
  #open = true;

  constructor(loop: EventLoop, file: HeldFile, pieces: readonly FilePiece[]) {
    this.#loop = loop;
    this.#file = file;
    this.descriptor = file.descriptor;
    this.pieces = pieces;
    this.size = pieces.reduce(
      (size, piece) => size + (piece instanceof Uint8Array ? piece.length : piece.count),
      0,
    );
  }

  /** Releases the file, once it was sent or is no longer needed. May be called again. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#file.release();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (const piece of this.pieces) {
        if (piece instanceof Uint8Array) {
          yield piece;
          continue;
        }
        for (let sent = 0; sent < piece.count;) {
          const size = Math.min(piece.count - sent, READ_BYTES);
          const into = Buffer.allocUnsafe(size);
          const count = await readPiece(
            this.#loop,
            this.descriptor,
            into,
            size,
            piece.offset + sent,
          );
          if (count === 0) throw shorter(piece, sent);
          sent += count;
          yield into.subarray(0, count);
        }
      }
    } finally {
      this.close();
    }
  }
}

export function shorter({ offset, count }: { offset: number; count: number }, sent: number): Error {
  return new RangeError(
    `the file has become shorter while it was sent: it ends at ${offset + sent}, ` +
      `and its answer promised it up to ${offset + count}`,
  );
}

/** Closes a descriptor without waiting for it. */
export function closeFile(loop: EventLoop, descriptor: number): void {
  const { close, closeSync } = process.getBuiltinModule('node:fs');
  if (loop._rides) close(descriptor, () => {});
  else closeSync(descriptor);
}
