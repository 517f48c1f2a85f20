import { RuntimeError } from '../core/errors.ts';
import {
  CONTROL_SUBMISSION_EPOCH, SUBMISSION_OP_NOTIFY_DRAIN, SUBMISSION_OP_SHUTDOWN,
} from '../native/layout.ts';
import { Connection } from './connection.ts';
import { bytesOf, notDataError, type Data } from './data.ts';
import { CLOSING, EOF_SENT, LOST, WRITE_PAUSED } from './flags.ts';
import { watermarks, type WriteBufferLimits } from './watermarks.ts';

/** Text of up to this many characters and bytes of up to this many go through the arena. */
const SMALL_TEXT = 4096;
const SMALL_BYTES = 8192;
/** From this many dropped writes on, debug mode warns. */
const LATE_WRITES = 5;
const DEFAULT_HIGH = 64 * 1024;


/**
 * A TCP connection as its protocol sees it. Made by `createServer` and `createConnection`, never
 * with `new`.
 */
export class Transport extends Connection {
  _high: number = DEFAULT_HIGH;
  _low: number = DEFAULT_HIGH / 4;
  /** Bytes written since the submission epoch `_epoch`: C++ has not counted them yet. */
  _unsent = 0;
  _epoch = -1;
  _late = 0;

  /**
   * Sends data. Never waits: what the kernel does not take at once is kept and sent in order, and
   * everything written to a connection in one turn leaves together. After `close()` or once the
   * connection is lost the data is dropped silently.
   *
   * @param data - text (as UTF-8) or bytes; they are taken over before the call returns
   * @throws TypeError when data is neither
   * @throws RuntimeError after `writeEof()`
   */
  write(data: Data): void {
    if (typeof data === 'string') {
      if ((this._flags & (CLOSING | EOF_SENT)) !== 0) this._refuse();
      else if (data.length > SMALL_TEXT) this._writeLarge(Buffer.from(data));
      else if (data.length !== 0) this._writeText(data);
      return;
    }
    const bytes = bytesOf(data);
    if (bytes === undefined) throw notDataError(data);
    if ((this._flags & (CLOSING | EOF_SENT)) !== 0) this._refuse();
    else if (bytes.length > SMALL_BYTES) this._writeLarge(bytes);
    else if (bytes.length !== 0) this._writeBytes(bytes);
  }

  _writeText(text: string): void {
    const rings = this._rings;
    // One UTF-16 unit becomes at most three bytes.
    const offset = rings.reserve(text.length * 3);
    const length = rings.transmit.write(text, offset);
    rings.send(this._handle, this._generation, offset, length);
    this._wrote(length);
  }

  _writeBytes(bytes: Uint8Array): void {
    const rings = this._rings;
    const length = bytes.length;
    const offset = rings.reserve(length);
    rings.transmit.set(bytes, offset);
    rings.send(this._handle, this._generation, offset, length);
    this._wrote(length);
  }

  /** Past the size where a copy is cheaper than a call: sent from its place, leftover copied. */
  _writeLarge(bytes: Uint8Array): void {
    this._rings.engine.write(this._handle, this._generation, bytes);
    if (this._rings.backlog[this._handle]! > this._high) this._pauseWriting();
  }

  _wrote(length: number): void {
    const rings = this._rings;
    const epoch = rings.control[CONTROL_SUBMISSION_EPOCH]!;
    if (epoch === this._epoch) {
      this._unsent += length;
    } else {
      this._epoch = epoch;
      this._unsent = length;
    }
    if (rings.backlog[this._handle]! + this._unsent <= this._high) return;
    if ((this._flags & WRITE_PAUSED) !== 0) return;
    // Most of it may fit the kernel's buffer: only what does not is a reason to pause.
    rings.engine.submit();
    if (rings.backlog[this._handle]! > this._high) this._pauseWriting();
  }

  _refuse(): void {
    if ((this._flags & CLOSING) === 0) {
      throw new RuntimeError('Cannot call write() after writeEof()');
    }
    this._late++;
    if (this._late >= LATE_WRITES && this._loop.getDebug()) {
      process.emitWarning('write() on a closed connection: the data is dropped', 'OxbowWarning');
    }
  }

  _pauseWriting(): void {
    if ((this._flags & WRITE_PAUSED) !== 0) return;
    this._flags |= WRITE_PAUSED;
    this._notifyDrain();
    try {
      this._protocol.pauseWriting();
    } catch (error) {
      this._report(error, 'protocol.pauseWriting() failed');
    }
  }

  _notifyDrain(): void {
    const { _handle: handle, _generation: generation } = this;
    this._rings.submit(SUBMISSION_OP_NOTIFY_DRAIN, handle, generation, 0, 0, 0, this._low);
  }

  _drained(): void {
    if ((this._flags & (WRITE_PAUSED | LOST)) !== WRITE_PAUSED) return;
    // Somebody may have written since C++ said so.
    if (this.getWriteBufferSize() > this._low) {
      this._notifyDrain();
      return;
    }
    this._flags &= ~WRITE_PAUSED;
    try {
      this._protocol.resumeWriting();
    } catch (error) {
      this._report(error, 'protocol.resumeWriting() failed');
    }
  }

  /**
   * Sends several pieces, in order, as {@link write}.
   * @throws TypeError when `pieces` is not iterable or a piece is neither text nor bytes
   */
  writelines(pieces: Iterable<Data>): void {
    if (pieces === null || typeof pieces !== 'object' || !(Symbol.iterator in pieces)) {
      throw new TypeError('pieces must be an iterable of strings or bytes');
    }
    for (const piece of pieces) this.write(piece);
  }

  /** Closes our direction once everything written is sent; the peer may go on sending. */
  writeEof(): void {
    if ((this._flags & (CLOSING | EOF_SENT)) !== 0) return;
    this._flags |= EOF_SENT;
    this._rings.submit(SUBMISSION_OP_SHUTDOWN, this._handle, this._generation);
  }

  /** True: TCP can close one direction. */
  canWriteEof(): boolean {
    return true;
  }

  /** Bytes that were written and that the kernel has not taken yet. */
  getWriteBufferSize(): number {
    if ((this._flags & LOST) !== 0) return 0;
    const rings = this._rings;
    const fresh = rings.control[CONTROL_SUBMISSION_EPOCH] === this._epoch ? this._unsent : 0;
    return rings.backlog[this._handle]! + fresh;
  }

  /** `[low, high]` in bytes; by default 16 KiB and 64 KiB. */
  getWriteBufferLimits(): [low: number, high: number] {
    return [this._low, this._high];
  }

  /**
   * When `pauseWriting` and `resumeWriting` are called: above `high`, and at or below `low`. Either
   * may be left out: `low` is then a quarter of `high`, and `high` four times `low`.
   * @throws RangeError unless high >= low >= 0
   */
  setWriteBufferLimits(limits: WriteBufferLimits = {}): void {
    [this._low, this._high] = watermarks(limits, DEFAULT_HIGH);
    if ((this._flags & LOST) !== 0) return;
    if ((this._flags & WRITE_PAUSED) !== 0) this._notifyDrain();
    else if (this.getWriteBufferSize() > this._high) this._pauseWriting();
  }
}
