/**
 * Sends an open file: by the system's sendfile where that works, otherwise by reading and writing
 * pieces.
 */
import { errnoError, errnoOf } from '../../core/errors/errno.ts';
import type { Coro } from '../../core/support/types.ts';
import { READ_BYTES, readPiece } from '../../io/file-source.ts';
import { promise } from '../../tasks/promise.ts';
import type { MessageStream } from './message-stream.ts';
import type { OpenFile } from './open-file.ts';
import { shorter } from './open-file.ts';

/** How many bytes one system call may send; other tasks get a turn between two calls. */
const PIECE = 1024 * 1024;

/** How many unsent bytes C++ may hold before sendfile is called: none, since they come first. */
const NOTHING = 0;

/** The connection has failed, which is reported elsewhere. */
export class ConnectionLost extends Error {
  readonly code: string = 'ECONNRESET';
}

const LOST = new Set([errnoOf('EPIPE'), errnoOf('ECONNRESET'), errnoOf('ETIMEDOUT')]);

interface Part {
  readonly offset: number;
  readonly count: number;
}

/**
 * Sends all pieces and closes the file. @throws ConnectionLost; the system's error; RangeError when
 *   the file has become shorter
 */
export function* pumpFile(outlet: MessageStream, file: OpenFile): Coro<void> {
  outlet._sendsFile = true;
  try {
    for (const piece of file.pieces) {
      if (piece instanceof Uint8Array) {
        outlet._writeBytes(piece);
        continue;
      }
      const sent = yield* sentByTheSystem(outlet, file.descriptor, piece);
      if (!sent) yield* sentByReading(outlet, file.descriptor, piece);
    }
  } finally {
    outlet._sendsFile = false;
    // Nobody waits for room any more.
    outlet._drainWaiter = null;
    file.close();
  }
}

/** @returns false when sendfile is not possible and nothing was sent */
function* sentByTheSystem(outlet: MessageStream, descriptor: number, part: Part): Coro<boolean> {
  const { _handle: handle, _generation: generation, _rings: rings } = outlet;
  let sent = 0;
  yield* outlet._emptied(NOTHING);
  while (sent < part.count) {
    const size = Math.min(part.count - sent, PIECE);
    // Created before the call, which may report room at once.
    const room = outlet._roomForFile();
    const taken = rings.engine.sendFile(handle, generation, descriptor, part.offset + sent, size);
    if (taken > 0) {
      sent += taken;
      if (sent < part.count) yield;
    } else if (taken === 0) {
      throw shorter(part, sent);
    } else if (taken === errnoOf('EAGAIN')) {
      // Wait until bytes written meanwhile are sent, or until the kernel has room.
      yield* outlet._unsent() > 0 ? outlet._emptied(NOTHING) : room;
    } else if (taken === errnoOf('EOPNOTSUPP') && sent === 0) {
      return false;
    } else if (LOST.has(taken)) {
      throw new ConnectionLost('the connection is lost');
    } else {
      throw errnoError(taken, 'sendfile');
    }
  }
  return true;
}

function* sentByReading(outlet: MessageStream, descriptor: number, part: Part): Coro<void> {
  const loop = outlet._loop;
  for (let sent = 0; sent < part.count;) {
    const size = Math.min(part.count - sent, READ_BYTES);
    const into = Buffer.allocUnsafe(size);
    const reading = readPiece(loop, descriptor, into, size, part.offset + sent);
    const count = typeof reading === 'number' ? reading : yield* promise(reading);
    if (typeof reading === 'number') yield;
    if (count === 0) throw shorter(part, sent);
    outlet._writeBytes(into.subarray(0, count));
    sent += count;
    const drained = outlet._drain();
    if (drained !== null) yield* drained;
  }
}
