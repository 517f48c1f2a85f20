/** Sends a body that comes in pieces, as fast as the peer accepts it. */
import { AWAITING, takeAwaited } from '../../core/future/future.ts';
import { runAsyncTask, runningTask } from '../../core/context/running.ts';
import type { Coro } from '../../core/support/types.ts';
import { promise } from '../../tasks/promise.ts';
import type { MessageStream } from './message-stream.ts';
import { OpenFile } from './open-file.ts';
import type { BodyStream, PieceIterator } from './outgoing-body.ts';
import { isBlob, pieceBytes, piecesOf } from './outgoing-body.ts';

/** How many bytes a source that never waits may send before other tasks get a turn. */
const TURN_BYTES = 256 * 1024;

type Result = IteratorResult<unknown>;

const ENDED: Result = { done: true, value: undefined };

/**
 * @param framing.chunked - whether the pieces are sent as chunks
 * @param framing.length - the number of bytes announced by Content-Length, or -1
 * @param trailers - returns the lines of the trailers; called after the last chunk
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
 * An async source continues in microtasks, where only AsyncLocalStorage can tell its task: this
 * gives it the context variables and the running loop of the task that sends it.
 */
function inTask(pieces: PieceIterator, body: BodyStream | Blob): PieceIterator {
  const task = runningTask();
  if (task === null || !(isBlob(body) || Symbol.asyncIterator in body)) return pieces;
  return {
    next: () => runAsyncTask(task, () => pieces.next()),
    return: () => runAsyncTask(task, () => pieces.return?.() ?? ENDED),
  };
}

/** Whether the step is not a piece: a `function*` waits for a future, or for the next turn. */
export function waits(step: Result): boolean {
  return step === AWAITING || (step.done !== true && (step.value ?? null) === null);
}

/**
 * Does the waiting for a body that waits, since only the sending task can suspend; returns the next
 * piece.
 */
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

/** Lets a source run its `finally` blocks; its errors are ignored. */
function* closePieces(pieces: PieceIterator): Coro<void> {
  try {
    const ended = pieces.return?.();
    if (ended instanceof Promise) ended.catch(() => {});
    else if (ended !== undefined && waits(ended)) yield* waitedPiece(pieces, ended);
  } catch {
    // An error thrown synchronously is ignored too.
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

/** Ends a source from which nothing was read yet, so it cannot be waiting. */
export function dropPieces(body: BodyStream | Blob): void {
  try {
    if (body instanceof OpenFile) body.close();
    const ended = piecesOf(body).return?.();
    if (ended instanceof Promise) ended.catch(() => {});
  } catch {
    // Its errors are ignored.
  }
}
