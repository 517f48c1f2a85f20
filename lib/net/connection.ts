/**
 * One connection, seen from JavaScript: its life and what it receives; `Transport` adds sending.
 *
 * The bytes, the socket and the queue of unsent data live in C++ under (handle, generation); this
 * object asks for operations through the submission ring and is told what happened through
 * `_complete`. It is kept small, because a server has one for each idle client: no closures, no
 * arrays until something is held back, flags in one number.
 *
 * Order is everything here. connectionMade runs from the ready queue, reading starts after it, and
 * connectionLost runs when C++ says that the descriptor is closed, so it is never called inside
 * write() or close(), and exactly once.
 */
import type { Channel } from 'node:diagnostics_channel';

import type { CompletionTarget, EventLoop } from '../core/event-loop.ts';
import { describe } from '../core/describe.ts';
import { errnoError } from '../core/errno.ts';
import { isA, KeyboardInterrupt, RuntimeError } from '../core/errors.ts';
import { captureValues, current, type Values } from '../core/running.ts';
import {
  COMPLETION_CHUNK, COMPLETION_LENGTH, COMPLETION_OFFSET, COMPLETION_OP_CLOSED,
  COMPLETION_OP_DATA, COMPLETION_OP_DRAIN, COMPLETION_OP_END, COMPLETION_OP_FAILED,
  COMPLETION_OP_READABLE, COMPLETION_RESULT, READ_DIRECT,
  SUBMISSION_OP_ABORT, SUBMISSION_OP_CLOSE, SUBMISSION_OP_READ_START, SUBMISSION_OP_READ_STOP,
} from '../native/layout.ts';
import type { Rings, Runnable } from '../native/rings.ts';
import { feedBuffered, receiveInto } from './buffered-read.ts';
import { CONNECTION_CLOSE, CONNECTION_OPEN, type ConnectionMessage } from './channels.ts';
import { extraInfo } from './extra-info.ts';
import { bufferOver } from './fast-buffer.ts';
import { ABORTED, CLOSING, ENDED, HOLDING, LOST, MADE, PAUSED, TRANSIENT } from './flags.ts';
import {
  type AnyProtocol, checkProtocol, isBuffered, keepsBytes, type Protocol,
} from './protocol.ts';
import { receiveTransient } from './transient-read.ts';
import type { Transport } from './transport.ts';

/** Whoever keeps a list of its connections: a server. */
export interface TransportOwner {
  /** The connection is gone, after its connectionLost. */
  _detach(transport: Transport): void;
}

/** What a {@link Transport} is made of, apart from sending. */
export abstract class Connection implements CompletionTarget, Runnable {
  readonly _loop: EventLoop;
  readonly _rings: Rings;
  readonly _handle: number;
  readonly _generation: number;
  _protocol: AnyProtocol;
  _flags = 0;
  /** What arrived while it could not be delivered; null stands for the end. */
  _held: Array<Buffer | null> | null = null;
  _error: unknown = null;
  _owner: TransportOwner | null;
  /** The context variables that the protocol's methods run with: those of whoever made it. */
  readonly _values: Values = captureValues();
  /** Answers of getExtraInfo that were asked for. */
  _extra: Map<string, unknown> | null = null;

  /** @internal */
  constructor(
    loop: EventLoop, handle: number, generation: number,
    protocol: AnyProtocol, owner: TransportOwner | null,
  ) {
    checkProtocol(protocol);
    this._loop = loop;
    this._rings = loop._rings;
    this._handle = handle;
    this._generation = generation;
    this._protocol = protocol;
    this._owner = owner;
  }

  /** The unsent data has fallen to the low watermark. */
  abstract _drained(): void;

  /** This object under the name that users know: Transport is the only class made of it. */
  _transport(): Transport {
    return this as unknown as Transport;
  }

  /** Registers the connection and queues connectionMade. */
  _open(): void {
    this._loop._register(this._handle, this._generation, this);
    this._rings.enqueue(this);
  }

  /** From the ready queue: the beginning, and later what was held back. */
  _run(): void {
    current.values = this._values;
    if ((this._flags & MADE) === 0) this._begin();
    else this._deliver();
  }

  _begin(): void {
    this._flags |= MADE;
    if (CONNECTION_OPEN.hasSubscribers) this._tell(CONNECTION_OPEN);
    try {
      this._protocol.connectionMade(this._transport());
    } catch (error) {
      this._fatal(error, 'connectionMade');
    }
    if ((this._flags & (CLOSING | PAUSED)) === 0) this._startReading();
  }

  _complete(op: number, words: Int32Array, at: number): void {
    current.values = this._values;
    if (op !== COMPLETION_OP_DATA) {
      this._completeOther(op, words, at);
      return;
    }
    if ((this._flags & CLOSING) !== 0) return;
    const chunk = this._loop._chunk(words[at + COMPLETION_CHUNK]!);
    const data = bufferOver(chunk, words[at + COMPLETION_OFFSET]!, words[at + COMPLETION_LENGTH]!);
    if ((this._flags & (PAUSED | HOLDING)) !== 0) this._hold(data);
    else this._received(data);
  }

  _received(data: Buffer): void {
    const protocol = this._protocol as Protocol;
    if (isBuffered(protocol)) {
      feedBuffered(this._transport(), protocol, data);
      return;
    }
    try {
      protocol.dataReceived(data);
    } catch (error) {
      this._fatal(error, 'dataReceived');
    }
  }

  _completeOther(op: number, words: Int32Array, at: number): void {
    switch (op) {
      case COMPLETION_OP_READABLE:
        this._readable();
        break;
      case COMPLETION_OP_END:
        if ((this._flags & (PAUSED | HOLDING)) !== 0) this._hold(null);
        else this._ended();
        break;
      case COMPLETION_OP_DRAIN:
        this._drained();
        break;
      case COMPLETION_OP_FAILED:
        this._forceClose(errnoError(words[at + COMPLETION_RESULT]!, this._failedCall(words, at)));
        break;
      case COMPLETION_OP_CLOSED:
        this._lost();
        break;
      default:
        throw new RuntimeError(`a connection got the completion ${op}, which is not for it`);
    }
  }

  /** There is something to read into memory of the protocol, or of all. */
  _readable(): void {
    // What was held back goes first, and may make the protocol pause.
    if (this._held !== null) this._deliver();
    if ((this._flags & (CLOSING | PAUSED)) !== 0) return;
    const protocol = this._protocol;
    if (isBuffered(protocol)) receiveInto(this._transport(), protocol);
    else if (this._readsDirectly()) receiveTransient(this._transport());
    // Otherwise it was asked for before that changed; the read that runs instead brings the bytes.
  }

  /** Whether C++ only says that there is something, and the bytes are then asked for. */
  _readsDirectly(): boolean {
    const protocol = this._protocol;
    return isBuffered(protocol) || ((this._flags & TRANSIENT) !== 0 && !keepsBytes(protocol));
  }

  /** EPIPE comes from sending only; the rest is met by the read that is always waiting. */
  _failedCall(words: Int32Array, at: number): string {
    return words[at + COMPLETION_RESULT] === -32 ? 'write' : 'read';
  }

  _hold(data: Buffer | null): void {
    if ((this._flags & CLOSING) !== 0) return;
    this._flags |= HOLDING;
    (this._held ??= []).push(data);
  }

  /** What a protocol would not take all of goes before everything else. */
  _holdFirst(data: Buffer): void {
    this._flags |= HOLDING;
    (this._held ??= []).unshift(data);
  }

  /** Hands out what was held back, as far as the protocol lets it. */
  _deliver(): void {
    while (this._held !== null && (this._flags & (CLOSING | PAUSED)) === 0) {
      const data = this._held.shift()!;
      if (this._held.length === 0) {
        this._held = null;
        this._flags &= ~HOLDING;
      }
      if (data === null) this._ended();
      else this._received(data);
    }
  }

  /** The peer sends nothing more. */
  _ended(): void {
    if ((this._flags & (CLOSING | ENDED)) !== 0) return;
    this._flags |= ENDED;
    let keep: boolean | void = false;
    try {
      keep = (this._protocol as Protocol).eofReceived();
    } catch (error) {
      this._fatal(error, 'eofReceived');
      return;
    }
    if (!keep) this.close();
  }

  /** The descriptor is closed: the last word to the protocol. */
  _lost(): void {
    if ((this._flags & LOST) !== 0) return;
    this._flags |= LOST | CLOSING;
    this._held = null;
    this._loop._unregister(this._handle);
    try {
      this._protocol.connectionLost(this._error);
    } catch (error) {
      this._report(error, 'Exception in callback protocol.connectionLost()');
    }
    this._owner?._detach(this._transport());
    this._owner = null;
    if (CONNECTION_CLOSE.hasSubscribers) this._tell(CONNECTION_CLOSE);
  }

  _tell(channel: Channel): void {
    const message: ConnectionMessage = {
      transport: this._transport(), loop: this._loop, error: this._error,
    };
    channel.publish(message);
  }

  _startReading(): void {
    if ((this._flags & ENDED) !== 0) return;
    const flags = this._readsDirectly() ? READ_DIRECT : 0;
    this._rings.submit(SUBMISSION_OP_READ_START, this._handle, this._generation, flags);
  }

  /** A callback of the protocol threw: nothing it would do now can be relied on. */
  _fatal(error: unknown, method: string): void {
    this._report(error, `Fatal error: protocol.${method}() call failed.`);
    this._forceClose(error);
  }

  _report(exception: unknown, message: string): void {
    if (isA(exception, KeyboardInterrupt)) throw exception;
    this._loop.callExceptionHandler({
      message, exception, transport: this, protocol: this._protocol,
    });
  }

  _forceClose(error: unknown): void {
    if ((this._flags & LOST) !== 0) return;
    this._error ??= error;
    this.abort();
  }

  /** Whether received data is being delivered. */
  isReading(): boolean {
    return (this._flags & (CLOSING | PAUSED)) === 0;
  }

  /** Stops delivering; the kernel's buffer fills and slows the peer down. May be repeated. */
  pauseReading(): void {
    if ((this._flags & (CLOSING | PAUSED)) !== 0) return;
    this._flags |= PAUSED;
    if ((this._flags & (MADE | ENDED)) === MADE) {
      this._rings.submit(SUBMISSION_OP_READ_STOP, this._handle, this._generation);
    }
  }

  /** Goes on delivering after `pauseReading()`. May be repeated. */
  resumeReading(): void {
    if ((this._flags & (CLOSING | PAUSED)) !== PAUSED) return;
    this._flags &= ~PAUSED;
    if ((this._flags & MADE) === 0) return;
    this._startReading();
    if (this._held !== null) this._rings.enqueue(this);
  }

  /** Whether the connection is closing or closed. */
  isClosing(): boolean {
    return (this._flags & CLOSING) !== 0;
  }

  /**
   * Closes: nothing more is read, everything written is still sent, then `connectionLost(null)`.
   * May be repeated.
   */
  close(): void {
    if ((this._flags & CLOSING) !== 0) return;
    this._flags |= CLOSING;
    this._held = null;
    this._rings.submit(SUBMISSION_OP_CLOSE, this._handle, this._generation);
  }

  /** Closes at once: what is not sent is dropped. `connectionLost(null)` follows. */
  abort(): void {
    if ((this._flags & (ABORTED | LOST)) !== 0) return;
    this._flags |= CLOSING | ABORTED;
    this._held = null;
    this._rings.submit(SUBMISSION_OP_ABORT, this._handle, this._generation);
  }

  /** The protocol that is being called now. */
  getProtocol(): AnyProtocol {
    return this._protocol;
  }

  /** Calls another protocol from now on; its `connectionMade` is not called. */
  setProtocol(protocol: AnyProtocol): void {
    checkProtocol(protocol);
    const before = this._readsDirectly();
    this._protocol = protocol;
    if (this._readsDirectly() !== before) this._readDifferently();
  }

  /**
   * With true, the Buffer that `dataReceived` gets is valid during that call only: the next bytes,
   * of any connection, are written over it. Whoever keeps some of it copies that
   * (`Buffer.from(data)`); what is given to `write()` is taken over as ever. For messages of 16 KiB
   * this saves a fifth of the work. May be changed at any time, and concerns what is read from then
   * on; streams and a `BufferedProtocol` take no notice. In debug mode, bytes that were kept read
   * as 0xdd.
   *
   * @throws TypeError when it is no boolean
   * @example
   * connectionMade(transport) {
   *   this.transport = transport;
   *   transport.setTransientReads(true);
   * }
   */
  setTransientReads(transient: boolean): void {
    if (typeof transient !== 'boolean') {
      throw new TypeError(`setTransientReads(): ${describe(transient)} is not a boolean`);
    }
    const before = this._readsDirectly();
    if (transient) this._flags |= TRANSIENT;
    else this._flags &= ~TRANSIENT;
    if (this._readsDirectly() !== before) this._readDifferently();
  }

  _readDifferently(): void {
    if ((this._flags & (MADE | CLOSING | PAUSED)) === MADE) this._startReading();
  }

  /**
   * Something about the connection: `'sockname'` and `'peername'` (`[host, port]`), `'socket'` (a
   * {@link TransportSocket}). Addresses are asked for when first wanted and remembered from then
   * on; one that was never asked for is not known once the connection is closed.
   */
  getExtraInfo(name: string, fallback: unknown = null): unknown {
    const known = extraInfo(this._transport(), name);
    return known === undefined ? fallback : known;
  }
}
