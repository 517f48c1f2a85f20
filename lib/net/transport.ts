/**
 * A connection as its protocol sees it: its life, what it receives, and writing with flow control.
 *
 * The bytes, the socket and what is unsent are `NativeStream`'s business. This is kept small,
 * because a server has one for each idle client: no closures, no arrays until something is held
 * back, flags in one number.
 *
 * Order is everything here. connectionMade runs from the ready queue, reading starts after it, and
 * connectionLost runs when C++ says that the descriptor is closed, so it is never called inside
 * write() or close(), and exactly once.
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

/** The protocol of a transport during `startTls`: takes what is written; null is the end. */
export interface WritesLater {
  _writeLater(data: Buffer | null): void;
}

/** The keeper of a list of connections: a server. */
export interface TransportOwner {
  /** The connection is gone, after its connectionLost. */
  _detach(transport: Transport): void;
}

/** States in which nothing can be written. */
const REFUSING = CLOSING | EOF_SENT | UPGRADING | SENDING_FILE;

/** From this many dropped writes on, debug mode warns. */
const LATE_WRITES = 5;

/**
 * A TCP connection as its protocol sees it. Made by `createServer` and `createConnection`, never
 * with `new`.
 */
export class Transport extends NativeStream implements Runnable {
  _protocol: AnyProtocol;
  _flags = 0;
  /** What arrived while it could not be delivered; null stands for the end. */
  _held: Array<Buffer | null> | null = null;
  _error: unknown = null;
  _owner: TransportOwner | null;
  /** The context variables that the protocol's methods run with: those of its creator. */
  readonly _values: Values = captureValues();
  /** Answers of getExtraInfo that were asked for. */
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
      this._protocol.connectionMade(this);
    } catch (error) {
      this._fatal(error, 'connectionMade');
    }
    if ((this._flags & (CLOSING | PAUSED)) === 0) this._read();
  }

  /** The caller has it now: it may read. */
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

  /** There is something to read into memory of the protocol, or of all. */
  _readable(): void {
    // What was held back goes first, and may make the protocol pause.
    if (this._held !== null) this._deliver();
    if ((this._flags & (CLOSING | PAUSED)) !== 0) return;
    const protocol = this._protocol;
    if (isBuffered(protocol)) receiveInto(this, protocol);
    else if (hasRoom(protocol)) receiveWanted(this, protocol);
    else if (this._readsDirectly()) receiveTransient(this);
    // Otherwise it was asked for before that changed; the read that runs instead brings the bytes.
  }

  /** Whether C++ only says that there is something, and the bytes are then asked for. */
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

  /** As its protocol takes it. */
  _read(): void {
    if ((this._flags & (ENDED | OPENING)) !== 0) return;
    this._startReading(this._readsDirectly() ? READ_DIRECT : 0);
  }

  /** The protocol waits for much, and has memory for it. */
  _receiveDirectly(): void {
    const unfit = CLOSING | PAUSED | HOLDING | UPGRADING | ENDED;
    if ((this._flags & (MADE | unfit)) !== MADE || !hasRoom(this._protocol)) return;
    this._startReading(READ_DIRECT);
  }

  /** A callback of the protocol threw: nothing it would do now can be relied on. */
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
   * everything written to a connection in one turn leaves together. After `close()` or once the
   * connection is lost the data is dropped silently.
   *
   * Up to 64 KiB are taken over before the call returns. More is not copied: bytes that do not
   * leave at once stay where they are, and must not be changed until `resumeWriting()`, which is
   * when `drain()` of a writer goes on. A buffer that is transferred before ends the connection.
   *
   * @param data - text (as UTF-8) or bytes
   * @throws TypeError when data is neither; nothing is sent then
   * @throws RuntimeError after `writeEof()`
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
      // In clear it must not leave, so it waits for the end of the handshake.
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

  /** Most of it may fit the kernel's buffer: only what does not is a reason to pause. */
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

  /** @internal What waits for room, or for the connection's end, while a file is being sent. */
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

  /** Closes our direction once everything written is sent; the peer may go on sending. */
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

  /** Bytes that were written and that the kernel has not taken yet. */
  getWriteBufferSize(): number {
    return (this._flags & (LOST | ABORTED)) !== 0 ? 0 : this._unsent();
  }

  /** `[low, high]` in bytes; by default 16 KiB and 64 KiB. */
  getWriteBufferLimits(): [low: number, high: number] {
    return [this._watermarks.low, this._watermarks.high];
  }

  /**
   * When `pauseWriting` and `resumeWriting` are called: above `high`, and at or below `low`. Either
   * may be left out: `low` is then a quarter of `high`, and `high` four times `low`.
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

  /** Goes on delivering after `pauseReading()`. May be repeated. */
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
   * Closes: nothing more is read, everything written is still sent, then `connectionLost(null)`.
   * May be repeated.
   */
  close(): void {
    if ((this._flags & CLOSING) !== 0) return;
    rememberAddresses(this);
    this._flags |= CLOSING;
    this._held = null;
    this._closeWhenSent();
    this._security?.closing((error) => this._forceClose(error));
  }

  /** Closes at once: what is not sent is dropped. `connectionLost(null)` follows. */
  abort(): void {
    if ((this._flags & (ABORTED | LOST)) !== 0) return;
    if ((this._flags & CLOSING) === 0) rememberAddresses(this);
    this._flags |= CLOSING | ABORTED;
    this._held = null;
    this._dropAndClose();
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
   * of any connection, are written over it. To keep some of it, copy that
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
    if ((this._flags & (MADE | CLOSING | PAUSED)) === MADE) this._read();
  }

  /**
   * Something about the connection: `'sockname'` and `'peername'` (`[host, port]`, or the path of a
   * Unix socket), `'socket'` (a {@link TransportSocket}), `'peercred'` (of a Unix socket: `pid`,
   * `uid` and `gid` of who is at the other end), `'pipe'` (what a pipe was made of). With TLS
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

/** Of whom and how it is, in a few words. */
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

/** A client of a Unix socket has no name, as a rule. */
function peerText(path: string): string[] {
  return path === '' ? [] : [`peer=${path.replaceAll('\0', '@')}`];
}
