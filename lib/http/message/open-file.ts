/** A file that is open, of which parts are sent. */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import { READ_BYTES, readPiece } from '../../io/file-source.ts';

/** An open file that its holder gives back. */
export interface HeldFile {
  readonly descriptor: number;
  /** It is not needed any more. Once. */
  release(): void;
}

/** Bytes of the file, or bytes that stand between them. */
export type FilePiece = { readonly offset: number; readonly count: number } | Uint8Array;

/**
 * The body that is made of it. It has as many bytes as were promised: what has grown since is cut,
 * and what has become shorter breaks the connection.
 */
export class OpenFile implements AsyncIterable<Uint8Array> {
  readonly descriptor: number;
  readonly pieces: readonly FilePiece[];
  /** Bytes of all pieces. */
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

  /** Sent, or not needed any more. */
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

/** Closes what nobody waits for. */
export function closeFile(loop: EventLoop, descriptor: number): void {
  const { close, closeSync } = process.getBuiltinModule('node:fs');
  if (loop._rides) close(descriptor, () => {});
  else closeSync(descriptor);
}
