/**
 * `loop.sendfile` and `loop.sockSendfile`: send a file over a connection, with the system's
 * sendfile(2) where that is possible, and otherwise by reading and writing it piece by piece.
 */
import { errnoError, errnoOf } from '../core/errors/errno.ts';
import { type AbortError, RuntimeError, SendfileNotAvailableError } from '../core/errors/errors.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import { CANCELLED, DONE, Future } from '../core/future/future.ts';
import type { Task } from '../core/task/task.ts';
import { checkSignal } from '../core/support/abort-listeners.ts';
import { describe } from '../core/support/describe.ts';
import { checkFlags, checkOptions } from '../core/support/options.ts';
import type { Coro } from '../core/support/types.ts';
import { type FilePart, partOf, READ_BYTES, readPiece, type SentFile } from '../io/file-source.ts';
import { checkSocket, type Socket, wouldBlock } from '../io/socket.ts';
import { loadAddon } from '../native/load.ts';
import { abortedBefore, onAbort } from '../tasks/abort.ts';
import { promise } from '../tasks/promise.ts';
import { waitForFile } from './file-waits.ts';
import { CLOSING, EOF_SENT, SENDING_FILE, UPGRADING } from './flags.ts';
import { Room, SendAll, withBytesSent } from './sock-operations.ts';
import { Transport } from './transport.ts';

/** Options of `sendfile`. */
export interface SendfileOptions {
  /**
   * Whether to read and write the file when sendfile(2) cannot be used: on a connection with TLS,
   * or when it is not a regular file; default true. If false: SendfileNotAvailableError.
   */
  fallback?: boolean;
  /** Aborting it ends the call with an AbortError. */
  signal?: AbortSignal;
}

/**
 * The most bytes that one file sends in a turn, about a millisecond's worth, so that other
 * connections get their turn. A socket has room for about as much, so most turns end earlier.
 */
const PIECE = 4 * 1024 * 1024;

/** The future of a file being sent. */
class SendingFile extends Future<number> {
  /** How many bytes have been sent so far. */
  declare bytesSent: number;
  /** @internal */ declare _task: Task<void> | null;
  /** @internal */ declare _aborted: AbortError | null;

  constructor(loop: EventLoop) {
    super({ loop });
    this.bytesSent = 0;
    this._task = null;
    this._aborted = null;
  }

  /** @internal */
  _begin(body: (sending: SendingFile) => Coro<void>, signal: AbortSignal | undefined): this {
    const loop = this._loop as EventLoop;
    const task = loop._startTask(body(this));
    this._task = task;
    if (task.done()) this._wake();
    else task._addWaiter(this);
    if (signal !== undefined) {
      onAbort(this, signal, (error) => {
        this._aborted = error;
        task.cancel();
      });
    }
    return this;
  }

  /** @internal The task has ended. */
  _wake(): void {
    const task = this._task!;
    if (!task.cancelled()) {
      const error = task.exception();
      if (error === null) this._settle(DONE, this.bytesSent);
      else this._fail(error);
    } else if (this._aborted !== null) {
      this._fail(this._aborted);
    } else {
      this._settle(CANCELLED, task._extras?.reason);
    }
  }

  override cancel(reason?: unknown): boolean {
    return this._task!.cancel(reason);
  }

  /** @internal Adds `bytesSent` to its error. */
  override _takeError(): unknown {
    return withBytesSent(super._takeError(), this.bytesSent);
  }
}

function begin(
  loop: EventLoop,
  where: string,
  options: SendfileOptions,
  body: (sending: SendingFile) => Coro<void>,
): SendingFile {
  const sending = new SendingFile(loop);
  const { signal } = options;
  const aborted = abortedBefore(signal);
  if (aborted === null) return sending._begin(body, signal);
  sending._fail(aborted);
  return sending;
}

function checkSendfile(where: string, options: SendfileOptions): void {
  checkOptions(where, options, ['fallback', 'signal']);
  checkFlags(where, options, ['fallback']);
  if (options.signal !== undefined) checkSignal(options.signal);
}

/** How many bytes of the part are left to send, at most `most`. */
const left = (part: FilePart, sent: number, most: number): number =>
  Math.min(part.count - sent, most);

/** Whether the fallback is allowed. @throws SendfileNotAvailableError if not */
function mayFallBack(options: SendfileOptions, why: string): boolean {
  if (options.fallback ?? true) return true;
  throw new SendfileNotAvailableError(why);
}

/** Implements `loop.sendfile`. */
export function sendfileIn(
  loop: EventLoop,
  where: string,
  transport: Transport,
  file: SentFile,
  offset: number,
  count: number | null,
  options: SendfileOptions,
): SendingFile {
  if (!(transport instanceof Transport)) {
    throw new TypeError(`${where}: a transport was expected, not ${describe(transport)}`);
  }
  checkSendfile(where, options);
  const part = partOf(where, file, offset, count);
  loop._checkClosed();
  if (transport._loop !== loop)
    throw new RuntimeError(`${where}: the transport is of another loop`);
  if ((transport._flags & CLOSING) !== 0) throw new RuntimeError('Transport is closing');
  if ((transport._flags & EOF_SENT) !== 0) {
    throw new RuntimeError(`Cannot call ${where} after writeEof()`);
  }
  if ((transport._flags & SENDING_FILE) !== 0) {
    throw new RuntimeError('sendfile is in progress on this transport');
  }
  if ((transport._flags & UPGRADING) !== 0) {
    throw new RuntimeError('startTls() is under way on this transport');
  }
  return begin(loop, where, options, (sending) => overTransport(transport, part, options, sending));
}

function* overTransport(
  transport: Transport,
  part: FilePart,
  options: SendfileOptions,
  sending: SendingFile,
): Coro<void> {
  const reads = transport.isReading();
  // The protocol might answer what it receives, and nothing can be written meanwhile.
  transport.pauseReading();
  transport._flags |= SENDING_FILE;
  try {
    yield* emptied(transport, 0);
    const sent = part.regular && (yield* sentByTheSystem(transport, part, sending));
    if (!sent && mayFallBack(options, 'sendfile(2) cannot be used on this connection')) {
      yield* sentByReading(transport, part, sending);
    }
  } finally {
    transport._flags &= ~SENDING_FILE;
    if (reads) transport.resumeReading();
  }
}

/** Waits until at most `most` bytes are unsent, or the connection has ended. */
function* emptied(transport: Transport, most: number): Coro<void> {
  transport._rings.engine.submit();
  while (checkOpen(transport) && transport._unsent() > most) {
    const room = roomIn(transport);
    transport._notifyDrain(transport._outbox === null ? most : 0);
    yield* room;
  }
}

function roomIn(transport: Transport): Future<void> {
  const room = new Future<void>({ loop: transport._loop });
  waitForFile(transport, () => {
    if (!room.done()) room.setResult();
  });
  return room;
}

/** @throws the error that ended the connection */
function checkOpen(transport: Transport): true {
  if ((transport._flags & CLOSING) === 0) return true;
  if (transport._error !== null) throw transport._error;
  throw Object.assign(errnoError('ECONNRESET', 'sendfile'), { message: 'Connection lost' });
}

/** Sends with sendfile(2). @returns false when that is not possible; nothing was sent then */
function* sentByTheSystem(
  transport: Transport,
  part: FilePart,
  sending: SendingFile,
): Coro<boolean> {
  const { descriptor, offset, count } = part;
  const { _handle: handle, _generation: generation, _rings: rings } = transport;
  /** How many bytes may still be sent in this turn. */
  let share = PIECE;
  while (checkOpen(transport) && sending.bytesSent < count) {
    const size = left(part, sending.bytesSent, share);
    // Created before the call, which may report room at once.
    const room = roomIn(transport);
    const at = offset + sending.bytesSent;
    const taken = rings.engine.sendFile(handle, generation, descriptor, at, size);
    if (taken > 0) {
      sending.bytesSent += taken;
      share -= taken;
      if (share > 0) continue;
      yield;
      share = PIECE;
    } else if (taken === 0) {
      return true;
    } else if (wouldBlock(taken)) {
      yield* room;
      share = PIECE;
    } else if (taken === errnoOf('EOPNOTSUPP') && sending.bytesSent === 0) {
      return false;
    } else {
      throw errnoError(taken, 'sendfile');
    }
  }
  return true;
}

function* sentByReading(transport: Transport, part: FilePart, sending: SendingFile): Coro<void> {
  const loop = transport._loop;
  for (;;) {
    const piece = yield* pieceOf(loop, part, sending.bytesSent);
    if (piece === null) return;
    checkOpen(transport);
    transport._writeBytes(piece);
    sending.bytesSent += piece.length;
    yield* emptied(transport, transport._watermarks.low);
  }
}

/** The next piece of a file; null at the end of the file or of the part. */
function* pieceOf(loop: EventLoop, part: FilePart, sent: number): Coro<Buffer | null> {
  const size = left(part, sent, READ_BYTES);
  if (size === 0) return null;
  const into = Buffer.allocUnsafe(size);
  const position = part.regular ? part.offset + sent : null;
  const reading = readPiece(loop, part.descriptor, into, size, position);
  const count = typeof reading === 'number' ? reading : yield* promise(reading);
  if (typeof reading === 'number') yield;
  return count === 0 ? null : into.subarray(0, count);
}

/** Implements `loop.sockSendfile`. */
export function sockSendfileIn(
  loop: EventLoop,
  socket: Socket,
  file: SentFile,
  offset: number,
  count: number | null,
  options: SendfileOptions,
): SendingFile {
  const where = 'sockSendfile()';
  checkSocket(where, socket);
  checkSendfile(where, options);
  if (socket.type !== 'stream') {
    throw new RangeError(`${where}: a stream socket was expected, not ${describe(socket)}`);
  }
  const part = partOf(where, file, offset, count);
  loop._checkClosed();
  return begin(loop, where, options, (sending) => overSocket(loop, socket, part, options, sending));
}

function* overSocket(
  loop: EventLoop,
  socket: Socket,
  part: FilePart,
  options: SendfileOptions,
  sending: SendingFile,
): Coro<void> {
  const { sockets } = loadAddon();
  let share = PIECE;
  while (part.regular && sending.bytesSent < part.count) {
    const size = left(part, sending.bytesSent, share);
    const at = part.offset + sending.bytesSent;
    const taken = sockets.sendFile(socket._open('sendfile'), part.descriptor, at, size);
    if (taken > 0) {
      sending.bytesSent += taken;
      share -= taken;
      if (share > 0) continue;
      yield;
      share = PIECE;
    } else if (taken === 0) {
      return;
    } else if (wouldBlock(taken)) {
      yield* new Room(loop, socket)._begin({});
      share = PIECE;
    } else if (taken === errnoOf('EOPNOTSUPP') && sending.bytesSent === 0) {
      break;
    } else {
      throw errnoError(taken, 'sendfile');
    }
  }
  if (part.regular && sending.bytesSent === part.count) return;
  if (!mayFallBack(options, 'sendfile(2) cannot be used with this file and socket')) return;
  for (;;) {
    const piece = yield* pieceOf(loop, part, sending.bytesSent);
    if (piece === null) return;
    const writing = new SendAll(loop, socket, piece);
    const before = sending.bytesSent;
    try {
      yield* writing._begin({});
    } finally {
      sending.bytesSent = before + writing.bytesSent;
    }
  }
}
