/** Sends a body that comes in pieces, as fast as the peer takes it. */
import type { Future } from '../core/future.ts';
import type { Coro } from '../core/types.ts';
import { promise } from '../tasks/promise.ts';
import type { BodyStream, PieceIterator } from './outgoing-body.ts';
import { pieceBytes, piecesOf } from './outgoing-body.ts';
import type { Outlet } from './wire.ts';
import { writeBytes, writeLatin1 } from './wire.ts';

/** A connection that says when the peer has read enough. */
export interface DrainedOutlet extends Outlet {
  /** null when nothing needs to wait. */
  _drain(): Future<void> | null;
}

/** Bytes that a source without pauses of its own may send before others get their turn. */
const TURN_BYTES = 256 * 1024;

/**
 * @param framing.chunked - whether the pieces are sent as chunks
 * @param framing.length - the bytes that were promised, or -1
 */
export function* pumpBody(
  outlet: DrainedOutlet, body: BodyStream, framing: { chunked: boolean; length: number },
): Coro<void> {
  const pieces = piecesOf(body);
  let sent = 0;
  let inTurn = 0;
  let open = true;
  try {
    for (;;) {
      const step = pieces.next();
      const { done, value } = step instanceof Promise ? yield* promise(step)
        : step as IteratorResult<unknown>;
      if (done === true) {
        open = false;
        break;
      }
      const piece = pieceBytes(value);
      if (piece.length === 0) continue;
      sent += piece.length;
      inTurn += piece.length;
      if (framing.length >= 0 && sent > framing.length) break;
      writePiece(outlet, piece, framing.chunked);
      const drained = outlet._drain();
      if (drained !== null) yield* drained;
      else if (inTurn > TURN_BYTES) {
        inTurn = 0;
        yield;
      }
    }
    if (framing.length >= 0 && sent !== framing.length) {
      throw new RangeError(`body of ${sent} bytes, but content-length said ${framing.length}`);
    }
    if (framing.chunked) writeLatin1(outlet, '0\r\n\r\n');
  } finally {
    if (open) endPieces(() => pieces);
  }
}

function writePiece(outlet: Outlet, piece: Uint8Array, chunked: boolean): void {
  if (!chunked) {
    writeBytes(outlet, piece);
    return;
  }
  writeLatin1(outlet, `${piece.length.toString(16)}\r\n`);
  writeBytes(outlet, piece);
  writeLatin1(outlet, '\r\n');
}

/** Lets a source run its `finally` blocks; what it says is of no interest any more. */
export function endPieces(source: () => PieceIterator): void {
  try {
    const ended = source().return();
    if (ended instanceof Promise) ended.catch(() => {});
  } catch {
    // The same said at once.
  }
}
