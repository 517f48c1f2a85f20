/** Sends a body that comes in pieces, as fast as the peer takes it. */
import { AWAITING, takeAwaited } from '../../core/future/future.ts';
import { runAsyncTask, runningTask } from '../../core/context/running.ts';
import type { Coro } from '../../core/support/types.ts';
import { promise } from '../../tasks/promise.ts';
import type { MessageStream } from './message-stream.ts';
import { OpenFile } from './open-file.ts';
import type { BodyStream, PieceIterator } from './outgoing-body.ts';
import { isBlob, pieceBytes, piecesOf } from './outgoing-body.ts';

/** Bytes that a source without pauses of its own may send before others get their turn. */
const TURN_BYTES = 256 * 1024;

type Result = IteratorResult<unknown>;

const ENDED: Result = { done: true, value: undefined };

/**
 * @param framing.chunked - whether the pieces are sent as chunks
 * @param framing.length - the bytes that were promised, or -1
 * @param trailers - the lines behind the last chunk, once it was sent
 */
export function* pumpBody(
  outlet: MessageStream,
  body: BodyStream | Blob,
  framing: { chunked: boolean; length: number },
  trailers: (() => string) | null = null,
): Coro<void> {
  const pieces = inTask(piecesOf(body), body);
  let sent = 0;
  let inTurn = 0;
  let open = true;
  try {
    for (;;) {
      const step = pieces.next();
      const { done, value } =
        step instanceof Promise
          ? yield* promise(step)
          : waits(step)
            ? yield* waitedPiece(pieces, step)
            : step;
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
    if (framing.chunked) outlet._writeLatin1(`0\r\n${trailers === null ? '' : trailers()}\r\n`);
  } finally {
    if (open) yield* closePieces(pieces);
  }
}

/**
 * An async source goes on in microtasks, where only AsyncLocalStorage knows whose it is: its
 * context variables and its running loop are those of the task that sends it.
 */
function inTask(pieces: PieceIterator, body: BodyStream | Blob): PieceIterator {
  const task = runningTask();
  if (task === null || !(isBlob(body) || Symbol.asyncIterator in body)) return pieces;
  return {
    next: () => runAsyncTask(task, () => pieces.next()),
    return: () => runAsyncTask(task, () => pieces.return?.() ?? ENDED),
  };
}

/** Whether it is no piece yet: a `function*` waits for something of ours, or for the next turn. */
export function waits(step: Result): boolean {
  return step === AWAITING || (step.done !== true && (step.value ?? null) === null);
}

/** Waits in the place of a body that waits, since a coroutine has one driver; then its piece. */
function* waitedPiece(pieces: PieceIterator, first: Result): Coro<Result> {
  for (let step = first; ;) {
    let failed = false;
    let failure: unknown;
    try {
      if (step === AWAITING) yield* takeAwaited();
      else yield;
    } catch (error) {
      failed = true;
      failure = error;
    }
    if (failed && pieces.throw === undefined) throw failure;
    const next = failed ? pieces.throw!(failure) : pieces.next();
    step = next instanceof Promise ? yield* promise(next) : next;
    if (!waits(step)) return step;
  }
}

/** Lets a source run its `finally` blocks; what it says is of no interest any more. */
function* closePieces(pieces: PieceIterator): Coro<void> {
  try {
    const ended = pieces.return?.();
    if (ended instanceof Promise) ended.catch(() => {});
    else if (ended !== undefined && waits(ended)) yield* waitedPiece(pieces, ended);
  } catch {
    // The same said at once.
  }
}

function writePiece(outlet: MessageStream, piece: Uint8Array, chunked: boolean): void {
  outlet._piecesWritten += 1;
  if (!chunked) {
    outlet._writeBytes(piece);
    return;
  }
  outlet._writeLatin1(`${piece.length.toString(16)}\r\n`);
  outlet._writeBytes(piece);
  outlet._writeLatin1('\r\n');
}

/** Ends a source from which nothing was asked, so nothing in it waits. */
export function dropPieces(body: BodyStream | Blob): void {
  try {
    if (body instanceof OpenFile) body.close();
    const ended = piecesOf(body).return?.();
    if (ended instanceof Promise) ended.catch(() => {});
  } catch {
    // What it says is of no interest any more.
  }
}
