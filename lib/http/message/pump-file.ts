/** Sends an open file: by the system itself where it can, else read and written piece by piece. */
import { errnoError, errnoOf } from '../../core/errors/errno.ts';
import type { Coro } from '../../core/support/types.ts';
import { READ_BYTES, readPiece } from '../../io/file-source.ts';
import { promise } from '../../tasks/promise.ts';
import type { MessageStream } from './message-stream.ts';
import type { OpenFile } from './open-file.ts';
import { shorter } from './open-file.ts';

/** Bytes that one system call sends at the most: others have their turn between two of them. */
const PIECE = 1024 * 1024;

/** What C++ may still have to send before the system is asked to send a file behind it. */
const NOTHING = 0;

/** The connection has failed, which it reports by itself. */
export class ConnectionLost extends Error {
  readonly code: string = 'ECONNRESET';
}

const LOST = new Set([errnoOf('EPIPE'), errnoOf('ECONNRESET'), errnoOf('ETIMEDOUT')]);

interface Part {
  readonly offset: number;
  readonly count: number;
}

/**
 * @throws ConnectionLost, what the file ends with, or RangeError when the file has become shorter
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
    // Room that nobody waits for any more.
    outlet._drainWaiter = null;
    file.close();
  }
}

/** @returns false when the system cannot do it, and has sent nothing */
function* sentByTheSystem(outlet: MessageStream, descriptor: number, part: Part): Coro<boolean> {
  const { _handle: handle, _generation: generation, _rings: rings } = outlet;
  let sent = 0;
  yield* outlet._emptied(NOTHING);
  while (sent < part.count) {
    const size = Math.min(part.count - sent, PIECE);
    // Before the call, which may tell it at once.
    const room = outlet._roomForFile();
    const taken = rings.engine.sendFile(handle, generation, descriptor, part.offset + sent, size);
    if (taken > 0) {
      sent += taken;
      if (sent < part.count) yield;
    } else if (taken === 0) {
      throw shorter(part, sent);
    } else if (taken === errnoOf('EAGAIN')) {
      // Behind what was written meanwhile, or when the kernel has room.
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
