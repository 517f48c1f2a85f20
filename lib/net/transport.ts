/**
 * A connection as its protocol sees it: its life, what it receives, and writing with flow control.
 *
 * `NativeStream` handles the socket and the unsent bytes. This is kept small, because a server has
 * one for each idle client: no closures, no arrays until something is held back, flags in one
 * number.
 *
 * The order of calls is guaranteed: connectionMade runs from the ready queue, reading starts after
 * it, and connectionLost runs when C++ reports that the descriptor is closed, so it is called
 * exactly once and never inside write() or close().
 */
import type { Channel } from 'node:diagnostics_channel';

import { describe } from '../core/support/describe.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import { isA, KeyboardInterrupt, RuntimeError } from '../core/errors/errors.ts';
import { captureValues, current, type Values } from '../core/context/running.ts';
import { showsText } from '../core/support/shows-text.ts';
import { bytesOf, type Data, lengthOf, notDataError } from '../io/data.ts';
import { DEFAULT_WATERMARKS, NativeStream } from '../io/native-stream.ts';
import {
  COMPLETION_CHUNK,
  COMPLETION_LENGTH,
  COMPLETION_OFFSET,
  COMPLETION_OP_DATA,
  COMPLETION_OP_READABLE,
  READ_DIRECT,
} from '../native/layout.ts';
import type { Runnable } from '../native/rings.ts';
import { feedBuffered, hasRoom, receiveInto, receiveWanted } from './buffered-read.ts';
import {
  CONNECTION_CLOSE,
  CONNECTION_OPEN,
  type ConnectionMessage,
} from './diagnostics-channels.ts';
import { extraInfo, rememberAddresses } from './extra-info.ts';
import { receivedOver } from './fast-buffer.ts';
import {
  ABORTED,
  CLOSING,
  ENDED,
  EOF_SENT,
  HOLDING,
  LOST,
  MADE,
  OPENING,
  PAUSED,
  SENDING_FILE,
  TRANSIENT,
  UPGRADING,
  WRITE_PAUSED,
} from './flags.ts';
import {
  type AnyProtocol,
  checkProtocol,
  isBuffered,
  keepsBytes,
  type Protocol,
} from './protocol.ts';
import type { AnySocketAddress } from '../io/transport-socket.ts';
import { wakeFile } from './file-waits.ts';
import { receiveTransient } from './transient-read.ts';
import { watermarks, type WriteBufferLimits } from './watermarks.ts';

/** The protocol of a transport during `startTls`: collects writes; null is the end. */
export interface WritesLater {
  _writeLater(data: Buffer | null): void;
}

/** Keeps a list of connections: a server. */
export interface TransportOwner {
  /** The connection is gone; called after its connectionLost. */
  _detach(transport: Transport): void;
}

/** States in which nothing can be written. */
const REFUSING = CLOSING | EOF_SENT | UPGRADING | SENDING_FILE;

/** Debug mode warns after this many dropped writes. */
const LATE_WRITES = 5;

/**
 * A stream connection (TCP, Unix, TLS) as its protocol sees it. Created by `createServer`,
 * `createConnection` and the like, never with `new`.
 */
export class Transport extends NativeStream implements Runnable {
  _protocol: AnyProtocol;
  _flags = 0;
  /** Data that could not be delivered yet; null stands for the end of the stream. */
  _held: Array<Buffer | null> | null = null;
  _error: unknown = null;
  _owner: TransportOwner | null;
  /** The context variables with which the protocol's methods run: those of the creating code. */
  readonly _values: Values = captureValues();
  /** Cached answers of getExtraInfo. */
  _extra: Map<string, unknown> | null = null;
  _late = 0;

  /** @internal */
  constructor(
    loop: EventLoop,
    handle: number,
    generation: number,
    protocol: AnyProtocol,
    owner: TransportOwner | null,
  ) {
    super(loop, handle, generation);
    checkProtocol(protocol);
    this._protocol = protocol;
    this._owner = owner;
  }

  /** Registers the connection and queues connectionMade. */
  _open(): void {
    this._loop._register(this._handle, this._generation, this);
    this._rings.enqueue(this);
  }

  /** Called from the ready queue: connectionMade at first, later the delivery of held data. */
  _run(): void {
    current.values = this._values;
    if ((this._flags & MADE) === 0) this._begin();
    else this._deliver();
  }

  _begin(): void {
    this._flags |= MADE;
    if (CONNECTION_OPEN.hasSubscribers) this._tell(CONNECTION_OPEN);
    try {
      this._protocol.connectionMade(this);
    } catch (error) {
      this._fatal(error, 'connectionMade');
    }
    if ((this._flags & (CLOSING | PAUSED)) === 0) this._read();
  }

  /** The caller has the transport now: reading may start. */
  _opened(): void {
    this._flags &= ~OPENING;
    if ((this._flags & (CLOSING | PAUSED)) !== 0) return;
    this._read();
    if (this._held !== null) this._rings.enqueue(this);
  }

  _complete(op: number, words: Int32Array, at: number): void {
    current.values = this._values;
    if (op !== COMPLETION_OP_DATA) {
      this._completeRarely(op, words, at);
      return;
    }
    if ((this._flags & CLOSING) !== 0) return;
    const chunk = this._loop._chunk(words[at + COMPLETION_CHUNK]!);
    if (chunk.length === 0) {
      this._fatal(
        new RuntimeError('the memory of received data was transferred before all of it was read'),
        'dataReceived',
      );
      return;
    }
    const offset = words[at + COMPLETION_OFFSET]!;
    const data = receivedOver(chunk, offset, words[at + COMPLETION_LENGTH]!);
    if ((this._flags & (PAUSED | HOLDING)) !== 0) this._hold(data);
    else this._received(data);
  }

  _received(data: Buffer): void {
    const protocol = this._protocol as Protocol;
    if (isBuffered(protocol)) {
      feedBuffered(this, protocol, data);
      return;
    }
    try {
      protocol.dataReceived(data);
    } catch (error) {
      this._fatal(error, 'dataReceived');
    }
  }

  _completeRarely(op: number, words: Int32Array, at: number): void {
    if (op === COMPLETION_OP_READABLE) this._readable();
    else this._completeCommon(op, words, at);
  }

  /** There is data to read into memory of the protocol, or into shared memory. */
  _readable(): void {
    // Held data is delivered first, and may make the protocol pause.
    if (this._held !== null) this._deliver();
    if ((this._flags & (CLOSING | PAUSED)) !== 0) return;
    const protocol = this._protocol;
    if (isBuffered(protocol)) receiveInto(this, protocol);
    else if (hasRoom(protocol)) receiveWanted(this, protocol);
    else if (this._readsDirectly()) receiveTransient(this);
    // Otherwise the event was requested before the mode changed; the normal read brings the bytes.
  }

  /** Whether C++ only reports readability, and the bytes are then read from here. */
  _readsDirectly(): boolean {
    const protocol = this._protocol;
    return isBuffered(protocol) || ((this._flags & TRANSIENT) !== 0 && !keepsBytes(protocol));
  }

  _onEnd(): void {
    if ((this._flags & (PAUSED | HOLDING)) !== 0) this._hold(null);
    else this._ended();
  }

  _onFailed(error: Error): void {
    this._forceClose(error);
  }

  _hold(data: Buffer | null): void {
    if ((this._flags & CLOSING) !== 0) return;
    this._flags |= HOLDING;
    (this._held ??= []).push(data);
  }

  /** Holds data at the front that a protocol did not take completely. */
  _holdFirst(data: Buffer): void {
    this._flags |= HOLDING;
    (this._held ??= []).unshift(data);
  }

  /** Delivers held data until the protocol pauses. */
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

  /** The peer has ended its direction. */
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

  /** The descriptor is closed: calls connectionLost. */
  _onClosed(): void {
    this._flags |= LOST | CLOSING;
    this._held = null;
    this._writable();
    try {
      this._protocol.connectionLost(this._error);
    } catch (error) {
      this._report(error, 'Exception in callback protocol.connectionLost()');
    }
    this._owner?._detach(this);
    this._owner = null;
    if (CONNECTION_CLOSE.hasSubscribers) this._tell(CONNECTION_CLOSE);
  }

  _tell(channel: Channel): void {
    const message: ConnectionMessage = {
      transport: this,
      loop: this._loop,
      error: this._error,
    };
    channel.publish(message);
  }

  /** Starts reading in the way that its protocol needs. */
  _read(): void {
    if ((this._flags & (ENDED | OPENING)) !== 0) return;
    this._startReading(this._readsDirectly() ? READ_DIRECT : 0);
  }

  /** The protocol waits for many bytes, and has memory for them. */
  _receiveDirectly(): void {
    const unfit = CLOSING | PAUSED | HOLDING | UPGRADING | ENDED;
    if ((this._flags & (MADE | unfit)) !== MADE || !hasRoom(this._protocol)) return;
    this._startReading(READ_DIRECT);
  }

  /** A callback of the protocol threw: its state is unknown, so the connection is aborted. */
  _fatal(error: unknown, method: string): void {
    this._report(error, `Fatal error: protocol.${method}() call failed.`);
    this._forceClose(error);
  }

  _report(exception: unknown, message: string): void {
    if (isA(exception, KeyboardInterrupt)) throw exception;
    this._loop.callExceptionHandler({
      message,
      exception,
      transport: this,
      protocol: this._protocol,
    });
  }

  _forceClose(error: unknown): void {
    if ((this._flags & LOST) !== 0) return;
    this._error ??= error;
    this.abort();
  }

  /**
   * Sends data. Never waits: what the kernel does not take at once is kept and sent in order, and
   * everything written to a connection in one turn is sent together. After `close()` or once the
   * connection is lost the data is dropped silently.
   *
   * Up to 64 KiB are copied before the call returns. More is not copied: the bytes must not be
   * changed until `resumeWriting()`, which is when `drain()` of a writer is done. A buffer that is
   * transferred before then breaks the connection.
   *
   * @param data - text (as UTF-8) or bytes
   * @throws TypeError when data is neither; nothing is sent then
   * @throws RuntimeError after `writeEof()`, and during `sendfile`
   */
  write(data: Data): void {
    let unsent: number;
    if (typeof data === 'string') {
      if ((this._flags & REFUSING) !== 0) return this._refuse(data);
      if (data.length === 0) return;
      unsent = this._writeUtf8(data);
    } else {
      const bytes = bytesOf(data);
      if (bytes === undefined) throw notDataError(data);
      if ((this._flags & REFUSING) !== 0) return this._refuse(bytes);
      if (lengthOf(bytes) === 0) return;
      unsent = this._writeBytes(bytes);
    }
    if (unsent > this._watermarks.high) this._pauseIfFull();
  }

  _refuse(data: string | Uint8Array): void {
    if ((this._flags & (CLOSING | SENDING_FILE)) === SENDING_FILE) throw fileInProgress();
    if ((this._flags & (CLOSING | EOF_SENT)) === 0) {
      // It must not be sent in clear, so it waits for the end of the handshake.
      (this._protocol as unknown as WritesLater)._writeLater(Buffer.from(data as Uint8Array));
      return;
    }
    if ((this._flags & CLOSING) === 0) {
      throw new RuntimeError('Cannot call write() after writeEof()');
    }
    this._late++;
    if (this._late >= LATE_WRITES && this._loop.getDebug()) {
      process.emitWarning('write() on a closed connection: the data is dropped', 'OxbowWarning');
    }
  }

  /** Pauses the protocol only for what does not fit the kernel's buffer. */
  _pauseIfFull(): void {
    if ((this._flags & WRITE_PAUSED) !== 0 || !this._isFull()) return;
    this._flags |= WRITE_PAUSED;
    this._notifyDrain();
    try {
      this._protocol.pauseWriting();
    } catch (error) {
      this._report(error, 'protocol.pauseWriting() failed');
    }
  }

  /** @internal Wakes a `sendfile` that waits for room, or for the connection's end. */
  override _writable(): void {
    if ((this._flags & SENDING_FILE) !== 0) wakeFile(this);
  }

  _drained(): void {
    this._writable();
    if ((this._flags & (WRITE_PAUSED | LOST)) !== WRITE_PAUSED) return;
    this._flags &= ~WRITE_PAUSED;
    try {
      this._protocol.resumeWriting();
    } catch (error) {
      this._report(error, 'protocol.resumeWriting() failed');
    }
  }

  /**
   * Sends several pieces, in order, as {@link write}.
   * @throws TypeError when `pieces` is not iterable or a piece is neither text nor bytes; nothing
   * is sent then
   */
  writelines(pieces: Iterable<Data>): void {
    if (pieces === null || typeof pieces !== 'object' || !(Symbol.iterator in pieces)) {
      throw new TypeError('pieces must be an iterable of strings or bytes');
    }
    const all = [...pieces];
    for (const piece of all) {
      if (typeof piece !== 'string' && bytesOf(piece) === undefined) throw notDataError(piece);
    }
    for (const piece of all) this.write(piece);
  }

  /** Closes our direction once everything written is sent; the peer may still send. */
  writeEof(): void {
    if ((this._flags & (CLOSING | EOF_SENT)) !== 0) return;
    if ((this._flags & SENDING_FILE) !== 0) throw fileInProgress();
    if ((this._flags & UPGRADING) !== 0) {
      (this._protocol as unknown as WritesLater)._writeLater(null);
      return;
    }
    this._flags |= EOF_SENT;
    this._shutdownWhenSent();
  }

  /** True: TCP can close one direction. */
  canWriteEof(): boolean {
    return true;
  }

  /** Bytes that were written but not yet taken by the kernel. */
  getWriteBufferSize(): number {
    return (this._flags & (LOST | ABORTED)) !== 0 ? 0 : this._unsent();
  }

  /** `[low, high]` in bytes; by default 16 KiB and 64 KiB. */
  getWriteBufferLimits(): [low: number, high: number] {
    return [this._watermarks.low, this._watermarks.high];
  }

  /**
   * Sets when `pauseWriting` and `resumeWriting` are called: above `high`, and at or below `low`,
   * in bytes. If one is left out, `low` is a quarter of `high`, or `high` four times `low`.
   * @throws RangeError unless high >= low >= 0
   */
  setWriteBufferLimits(limits: WriteBufferLimits = {}): void {
    this._watermarks = watermarks(limits, DEFAULT_WATERMARKS.high);
    if ((this._flags & LOST) !== 0) return;
    if ((this._flags & WRITE_PAUSED) !== 0) this._notifyDrain(this._watermarks.low);
    else if (this.getWriteBufferSize() > this._watermarks.high) this._pauseIfFull();
  }

  /** Whether received data is being delivered. */
  isReading(): boolean {
    return (this._flags & (CLOSING | PAUSED)) === 0;
  }

  /** Stops delivering; the kernel's buffer fills and slows the peer down. May be repeated. */
  pauseReading(): void {
    if ((this._flags & (CLOSING | PAUSED)) !== 0) return;
    this._flags |= PAUSED;
    if ((this._flags & (MADE | ENDED)) === MADE) this._stopReading();
  }

  /** Resumes delivery after `pauseReading()`. May be repeated. */
  resumeReading(): void {
    if ((this._flags & (CLOSING | PAUSED | UPGRADING)) !== PAUSED) return;
    this._flags &= ~PAUSED;
    if ((this._flags & (MADE | OPENING)) !== MADE) return;
    this._read();
    if (this._held !== null) this._rings.enqueue(this);
  }

  /** Whether the connection is closing or closed. */
  isClosing(): boolean {
    return (this._flags & CLOSING) !== 0;
  }

  /**
   * Closes: stops reading, sends everything written, then calls `connectionLost(null)`. May be
   * repeated.
   */
  close(): void {
    if ((this._flags & CLOSING) !== 0) return;
    rememberAddresses(this);
    this._flags |= CLOSING;
    this._held = null;
    this._closeWhenSent();
    this._security?.closing((error) => this._forceClose(error));
  }

  /** Closes at once: unsent data is dropped. `connectionLost(null)` follows. */
  abort(): void {
    if ((this._flags & (ABORTED | LOST)) !== 0) return;
    if ((this._flags & CLOSING) === 0) rememberAddresses(this);
    this._flags |= CLOSING | ABORTED;
    this._held = null;
    this._dropAndClose();
  }

  /** The current protocol. */
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
   * With true, the Buffer given to `dataReceived` is valid during that call only: the next bytes,
   * of any connection, overwrite it. Copy what you want to keep (`Buffer.from(data)`); `write()`
   * copies as always. For messages of 16 KiB this saves a fifth of the work. May be changed at any
   * time, for later reads; it has no effect on streams and a `BufferedProtocol`. In debug mode,
   * bytes that were kept are overwritten with 0xdd.
   *
   * @throws TypeError when `transient` is not a boolean
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
    if ((this._flags & (MADE | CLOSING | PAUSED)) === MADE) this._read();
  }

  /**
   * Information about the connection: `'sockname'` and `'peername'` (`[host, port]`, or the path of
   * a Unix socket), `'socket'` (a {@link TransportSocket}), `'peercred'` (for a Unix socket: `pid`,
   * `uid` and `gid` of the peer), `'pipe'` (the pipe that was given to `connectReadPipe`). With TLS
   * `'peercert'` (as Node shows it), `'cipher'`, `'tlsVersion'`, `'alpnProtocol'`, `'servername'`,
   * `'tlsContext'`, `'tlsSession'`, `'tlsSessionReused'`, `'ocspResponse'`, and of a peer that was
   * let through `'authorizationError'`. The addresses are remembered when it is closed, for
   * `connectionLost` to tell of (but after a reset the system has forgotten that of the peer). All
   * else is asked for when first wanted and remembered from then on; what was never asked for is
   * not known once the connection is closed.
   */
  getExtraInfo(name: string, fallback: unknown = null): unknown {
    const known = extraInfo(this, name);
    return known === undefined ? fallback : known;
  }

  override toString(): string {
    return `<Transport ${stateOf(this)}>`;
  }
}

showsText(Transport);

function fileInProgress(): RuntimeError {
  return new RuntimeError('unable to write; sendfile is in progress');
}

/** The peer and state of a transport, in a few words. */
export function stateOf(transport: Transport): string {
  const flags = transport._flags;
  const state = (flags & LOST) !== 0 ? 'closed' : (flags & CLOSING) !== 0 ? 'closing' : 'open';
  const words = [state];
  const peer = transport.getExtraInfo('peername') as AnySocketAddress | null;
  if (typeof peer === 'string') words.push('unix', ...peerText(peer));
  else if (peer !== null) words.push(`peer=${peer.join(' ')}`);
  if ((flags & (CLOSING | PAUSED)) === PAUSED) words.push('reading paused');
  const unsent = transport.getWriteBufferSize();
  if (unsent > 0) words.push(`unsent=${unsent}`);
  return words.join(' ');
}

/** Empty when there is no path: a client of a Unix socket usually has none. */
function peerText(path: string): string[] {
  return path === '' ? [] : [`peer=${path.replaceAll('\0', '@')}`];
}
