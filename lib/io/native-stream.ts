/**
 * One connection whose socket lives in C++ under (handle, generation): writing, how much is unsent,
 * and how it ends. Base class of the transports in lib/net and the connections in lib/http.
 *
 * They extend it instead of holding it: a server has one for each idle client, and a second object
 * with a pointer each way would add a tenth to the cost of such a client, and one more hop to each
 * completion and each write.
 *
 * All writes take the same path. Small pieces are copied into the transmit arena, and all writes of
 * a turn leave together; a large one is sent from the caller's memory. What the kernel does not
 * take is kept by C++ up to a bound, and then waits in an `Outbox`, behind which all later writes
 * queue.
 */
import { errnoError, errnoOf } from '../core/errors/errno.ts';
import { RuntimeError } from '../core/errors/errors.ts';
import type { CompletionTarget, EventLoop } from '../core/loop/event-loop.ts';
import type { RawBuffer } from '../core/support/raw-buffer.ts';
import {
  COMPLETION_OP_CLOSED,
  COMPLETION_OP_CONNECT,
  COMPLETION_OP_DRAIN,
  COMPLETION_OP_END,
  COMPLETION_OP_FAILED,
  COMPLETION_OP_LAYER,
  COMPLETION_OP_POLL,
  COMPLETION_RESULT,
  CONTROL_SUBMISSION_EPOCH,
  SUBMISSION_OP_ABORT,
  SUBMISSION_OP_CLOSE,
  SUBMISSION_OP_NOTIFY_DRAIN,
  SUBMISSION_OP_READ_START,
  SUBMISSION_OP_READ_STOP,
  SUBMISSION_OP_SHUTDOWN,
} from '../native/layout.ts';
import type { Rings } from '../native/rings.ts';
import { lengthOf } from './data.ts';
import { Outbox } from './outbox.ts';

/** The numbers of unsent bytes at which writing pauses and resumes. */
export interface Watermarks {
  readonly low: number;
  readonly high: number;
}

export const DEFAULT_WATERMARKS: Watermarks = { low: 16 * 1024, high: 64 * 1024 };

/** Text of up to this many characters and bytes of up to this many go through the arena. */
const SMALL_TEXT = 4096;
const SMALL_BYTES = 8192;
/** Up to this many bytes are always copied, so the caller can reuse them when a write returns. */
const COPIED_MAX = 64 * 1024;
/** When C++ holds more unsent bytes of one connection, further bytes wait in JavaScript. */
const NATIVE_MAX = 128 * 1024;

/** What a stream needs of its TLS layer. */
export interface Security {
  /** Its error for a connection that failed with this errno; null if it has none. */
  failure(result: number): Error | null;
  /** Its value for `getExtraInfo(name)`. */
  extraInfo(name: string): unknown;
  /**
   * The connection closes once close_notify is sent; `tooLate` is called if that takes too long.
   */
  closing(tooLate: (error: Error) => void): void;
  /** The native layer needs a decision from JavaScript. */
  asked(): void;
  /** The connection is gone. */
  closed(): void;
}

export abstract class NativeStream implements CompletionTarget {
  readonly _loop: EventLoop;
  readonly _rings: Rings;
  readonly _handle: number;
  readonly _generation: number;
  _watermarks: Watermarks = DEFAULT_WATERMARKS;
  /** Bytes written since the submission epoch `_epoch`: C++ has not counted them yet. */
  _fresh = 0;
  _epoch = -1;
  /** Unsent bytes for which C++ has no room; null while the peer keeps up. */
  _outbox: Outbox | null = null;
  /** The TLS layer; null for none. */
  _security: Security | null = null;

  protected constructor(loop: EventLoop, handle: number, generation: number) {
    this._loop = loop;
    this._rings = loop._rings;
    this._handle = handle;
    this._generation = generation;
  }

  /** @internal Takes over what was written and not sent while the connection was another one. */
  _inherit(before: NativeStream): void {
    this._security = before._security;
    this._outbox = before._outbox;
    this._fresh = before._fresh;
    this._epoch = before._epoch;
  }

  abstract _complete(op: number, words: Int32Array, at: number): void;

  /** The unsent bytes have fallen to the low watermark. May be called when nobody waits for it. */
  abstract _drained(): void;

  /** There is room to send more of a file. */
  _writable(): void {}

  /** The peer has ended its direction. */
  abstract _onEnd(): void;

  /** The connection failed; all that is left to do is `_dropAndClose`. */
  abstract _onFailed(error: Error): void;

  /** The descriptor is closed and the handle released. No event follows. */
  abstract _onClosed(): void;

  /** Handles the completions that are the same for every stream. */
  _completeCommon(op: number, words: Int32Array, at: number): void {
    switch (op) {
      case COMPLETION_OP_DRAIN:
        this.#onDrain();
        break;
      case COMPLETION_OP_POLL:
        this._writable();
        break;
      case COMPLETION_OP_END:
        this._onEnd();
        break;
      case COMPLETION_OP_LAYER:
        this._security?.asked();
        break;
      case COMPLETION_OP_FAILED: {
        const result = words[at + COMPLETION_RESULT]!;
        this._outbox = null;
        // EPIPE comes only from sending; other errors are found by the read that is always pending.
        this._onFailed(this._errorOf(result, result === errnoOf('EPIPE') ? 'write' : 'read'));
        break;
      }
      case COMPLETION_OP_CLOSED:
        this._outbox = null;
        this._loop._unregister(this._handle);
        this._security?.closed();
        this._onClosed();
        break;
      case COMPLETION_OP_CONNECT:
        // The end of a handshake that was given up in this turn: the connection is closing.
        break;
      default:
        throw new RuntimeError(`a connection got the completion ${op}, which is not for it`);
    }
  }

  /** The error for an errno with which the connection failed. */
  _errorOf(result: number, syscall: string): Error {
    return this._security?.failure(result) ?? errnoError(result, syscall);
  }

  /** Writes text as UTF-8. @returns the unsent bytes, as all write methods do */
  _writeUtf8(text: string): number {
    if (text.length > COPIED_MAX) return this.#writeText(text);
    if (text.length > SMALL_TEXT || this._outbox !== null) {
      return this.#writeAside(Buffer.from(text, 'utf8'), true);
    }
    const rings = this._rings;
    // One UTF-16 unit becomes at most three bytes.
    const offset = rings.reserve(text.length * 3);
    const length = (rings.transmit as RawBuffer).utf8Write(text, offset);
    return this._writeReserved(offset, length);
  }

  /** Writes text whose characters are all below 256, one byte each. */
  _writeLatin1(text: string): number {
    const { length } = text;
    if (length > SMALL_BYTES || this._outbox !== null) {
      return this.#writeAside(Buffer.from(text, 'latin1'), true);
    }
    const rings = this._rings;
    const offset = rings.reserve(length);
    (rings.transmit as RawBuffer).latin1Write(text, offset);
    return this._writeReserved(offset, length);
  }

  /** Writes bytes. More than 64 KiB may be sent from the caller's memory, without a copy. */
  _writeBytes(bytes: Uint8Array): number {
    const length = lengthOf(bytes);
    if (length > SMALL_BYTES || this._outbox !== null) return this.#writeAside(bytes, false);
    const rings = this._rings;
    const offset = rings.reserve(length);
    rings.transmit.set(bytes, offset);
    return this._writeReserved(offset, length);
  }

  /** Sends what the caller wrote into arena space that it reserved; there must be no outbox. */
  _writeReserved(offset: number, length: number): number {
    const rings = this._rings;
    if (length !== 0) rings.send(this._handle, this._generation, offset, length);
    const epoch = rings.control[CONTROL_SUBMISSION_EPOCH]!;
    if (epoch === this._epoch) {
      this._fresh += length;
    } else {
      this._epoch = epoch;
      this._fresh = length;
    }
    const unsent = rings.backlog[this._handle]! + this._fresh;
    return unsent > NATIVE_MAX ? this.#checkRoom() : unsent;
  }

  /** Bytes that were written but not yet taken by the kernel. */
  _unsent(): number {
    const rings = this._rings;
    let unsent = rings.backlog[this._handle]!;
    if (rings.control[CONTROL_SUBMISSION_EPOCH] === this._epoch) unsent += this._fresh;
    return this._outbox === null ? unsent : unsent + this._outbox.size;
  }

  /** Whether more than the high watermark is unsent, even after giving it to the kernel. */
  _isFull(): boolean {
    if (this._unsent() <= this._watermarks.high) return false;
    this._rings.engine.submit();
    return this._unsent() > this._watermarks.high;
  }

  /**
   * Requests a call of `_drained()`. Bytes waiting here go to C++ once it has none left.
   * @param below - how many bytes C++ may still hold when it reports
   */
  _notifyDrain(below: number = this._outbox === null ? this._watermarks.low : 0): void {
    this._submit(SUBMISSION_OP_NOTIFY_DRAIN, 0, below);
  }

  /**
   * Checks whether C++ holds too much even after giving it to the kernel: then later bytes wait
   * here.
   */
  #checkRoom(): number {
    const rings = this._rings;
    rings.engine.submit();
    const unsent = rings.backlog[this._handle]!;
    if (unsent > NATIVE_MAX) this.#openOutbox();
    return unsent;
  }

  #openOutbox(): Outbox {
    const outbox = new Outbox();
    this._outbox = outbox;
    this._notifyDrain();
    return outbox;
  }

  /**
   * Writes bytes that are too large to copy cheaply, or that must queue behind waiting ones.
   * @param own - the bytes are ours: no other code can change them
   */
  #writeAside(bytes: Uint8Array, own: boolean): number {
    const length = lengthOf(bytes);
    let from = 0;
    if (this._outbox === null) {
      from = this._rings.engine.write(this._handle, this._generation, bytes, 0, length);
      if (from < 0 || from === length) return this._unsent();
    }
    const outbox = this._outbox ?? this.#openOutbox();
    const rest = length - from;
    // Below the high watermark writers are not paused, so they would not know to leave them alone.
    const lent = rest > COPIED_MAX && (own || this._unsent() + rest > this._watermarks.high);
    if (lent) outbox.lend(bytes, from, length);
    else outbox.copy(bytes, from, length);
    return this._unsent();
  }

  /** Writes a text so large that the peer may not take all of it at once. */
  #writeText(text: string): number {
    const waits = this._outbox !== null;
    const outbox = this._outbox ?? this.#openOutbox();
    outbox.lendText(text);
    if (!waits) this.#feed(outbox);
    return this._unsent();
  }

  #onDrain(): void {
    // If the connection failed while doing so, there is nothing more to do.
    if (this._outbox !== null && this.#feed(this._outbox) < 0) return;
    const calm = this._unsent() <= this._watermarks.low;
    if (calm) this._outbox?.own();
    // More may have been written since C++ reported this.
    if (!calm || this._outbox !== null) this._notifyDrain();
    if (calm) this._drained();
  }

  /** Gives C++ bytes of the outbox. @returns 0, or a negative errno when that failed for good */
  #feed(outbox: Outbox): number {
    const result = outbox.feed(this._rings.engine, this._handle, this._generation);
    if (result === 0 && outbox.size !== 0) return 0;
    this._outbox = null;
    // The buffer was detached or has shrunk.
    if (result === errnoOf('EFAULT')) this.#robbed();
    else if (result === 0 && outbox.then !== 0) this._submit(outbox.then);
    return result;
  }

  #robbed(): void {
    const exception = new RuntimeError(
      'the ArrayBuffer of data that was written was transferred ' +
        'or made smaller before the data was sent',
    );
    this._loop.callExceptionHandler({ message: 'Fatal write error on a connection', exception });
    this._onFailed(exception);
  }

  /** Sends everything that is unsent, and blocks until it is taken or sending fails. */
  _sendEverything(): void {
    const { engine } = this._rings;
    for (;;) {
      engine.sendEverything(this._handle, this._generation);
      if (this._outbox === null) return;
      this.#feed(this._outbox);
    }
  }

  /** Closes our direction once everything is sent. */
  _shutdownWhenSent(): void {
    if (this._outbox === null) this._submit(SUBMISSION_OP_SHUTDOWN);
    else this._outbox.then = SUBMISSION_OP_SHUTDOWN;
  }

  /** Stops reading, and closes once everything is sent. */
  _closeWhenSent(): void {
    if (this._outbox === null) {
      this._submit(SUBMISSION_OP_CLOSE);
      return;
    }
    this._outbox.then = SUBMISSION_OP_CLOSE;
    this._submit(SUBMISSION_OP_READ_STOP);
  }

  /** Closes at once; what is unsent is dropped. */
  _dropAndClose(): void {
    this._outbox = null;
    this._submit(SUBMISSION_OP_ABORT);
  }

  /** @param flags - `READ_…` of the layout */
  _startReading(flags = 0): void {
    this._submit(SUBMISSION_OP_READ_START, flags);
  }

  _stopReading(): void {
    this._submit(SUBMISSION_OP_READ_STOP);
  }

  _submit(op: number, flags = 0, value = 0): void {
    this._rings.submit(op, this._handle, this._generation, flags, 0, 0, value);
  }
}

/** The target of a handle that is no longer needed, until C++ has closed it. */
class Discarded implements CompletionTarget {
  readonly _loop: EventLoop;
  readonly _handle: number;
  readonly _generation: number;

  constructor(loop: EventLoop, handle: number, generation: number) {
    this._loop = loop;
    this._handle = handle;
    this._generation = generation;
  }

  _complete(op: number): void {
    if (op === COMPLETION_OP_CLOSED) this._loop._unregister(this._handle);
  }
}

/** Closes a handle that has no target yet, or no longer. */
export function discard(loop: EventLoop, handle: number, generation: number): void {
  loop._register(handle, generation, new Discarded(loop, handle, generation));
  loop._rings.submit(SUBMISSION_OP_ABORT, handle, generation);
}
