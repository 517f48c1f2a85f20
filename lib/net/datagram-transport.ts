import type { EventLoop } from '../core/loop/event-loop.ts';
import { isA, KeyboardInterrupt } from '../core/errors/errors.ts';
import type { Unread } from '../io/socket.ts';
import { captureValues, current, type Values } from '../core/context/running.ts';
import { describe } from '../core/support/describe.ts';
import { showsText } from '../core/support/shows-text.ts';
import { bytesOf, type Data, notDataError } from '../io/data.ts';
import {
  packAddress,
  packPath,
  type PackedAddress,
  sameAddress,
} from '../io/datagram-addresses.ts';
import { DatagramSocket } from '../io/datagram-socket.ts';
import { NativeDatagrams } from '../io/native-datagrams.ts';
import { DEFAULT_WATERMARKS } from '../io/native-stream.ts';
import type { AnySocketAddress } from '../io/transport-socket.ts';
import { ADDRESS_LOCAL, ADDRESS_PEER, PORT_UNIX } from '../native/layout.ts';
import type { Runnable } from '../native/rings.ts';
import type { DatagramProtocol } from './datagram-protocol.ts';
import { receivedOver } from './fast-buffer.ts';
import { ABORTED, CLOSING, LOST, MADE, WRITE_PAUSED } from './flags.ts';
import { checkProtocol } from './protocol.ts';
import { watermarks, type WriteBufferLimits } from './watermarks.ts';

/** The default address to send to, and whether the socket is connected to it. */
export interface DatagramTarget {
  readonly family: 4 | 6 | 'unix';
  /** Null: each datagram needs an address. */
  readonly remote: AnySocketAddress | null;
  /** Whether the socket is connected: it receives only from there, and gets ECONNREFUSED. */
  readonly connected: boolean;
}

/** What a socket received before it was handed over, and what to do when it closes. */
export interface DatagramExtras {
  readonly unread?: readonly Unread[];
  /** Removes the file of a Unix socket. */
  readonly closing?: () => void;
}

/**
 * A datagram socket as its protocol sees it. Created by `createDatagramEndpoint`, never with `new`.
 */
export class DatagramTransport extends NativeDatagrams implements Runnable {
  _protocol: DatagramProtocol<any>;
  _flags = 0;
  readonly #target: DatagramTarget;
  /** The context variables with which the protocol's methods run: those of the creating code. */
  readonly #values: Values = captureValues();
  #unread: readonly Unread[];
  readonly #closing: (() => void) | undefined;
  #socket: DatagramSocket | null = null;
  /** Of a socket that is closed, whose descriptor can no longer be asked. */
  #sockname: unknown = undefined;

  /** @internal */
  constructor(
    loop: EventLoop,
    handle: number,
    generation: number,
    protocol: DatagramProtocol<any>,
    target: DatagramTarget,
    extras: DatagramExtras = {},
  ) {
    super(loop, handle, generation);
    checkProtocol(protocol);
    this._protocol = protocol;
    this.#target = target;
    this.#unread = extras.unread ?? [];
    this.#closing = extras.closing;
  }

  /** @internal Registers the socket and queues connectionMade. */
  _open(): void {
    this._loop._register(this._handle, this._generation, this);
    this._rings.enqueue(this);
  }

  /** @internal Called from the ready queue: calls connectionMade and starts to receive. */
  _run(): void {
    current.values = this.#values;
    this._flags |= MADE;
    this.#call('connectionMade', () => this._protocol.connectionMade(this));
    for (const { data, address } of this.#unread) {
      if (this._receives()) this.#received(data, address);
    }
    this.#unread = [];
    if ((this._flags & CLOSING) === 0) this._startReceiving();
  }

  override _complete(op: number, words: Int32Array, at: number): void {
    current.values = this.#values;
    super._complete(op, words, at);
  }

  _receives(): boolean {
    return (this._flags & CLOSING) === 0;
  }

  _onDatagram(chunk: Uint8Array, offset: number, length: number, address: AnySocketAddress): void {
    // The program transferred the memory of this datagram: it is lost, as datagrams may be.
    if (chunk.length === 0) return;
    this.#received(receivedOver(chunk, offset, length), address);
  }

  #received(data: Buffer, address: AnySocketAddress): void {
    try {
      this._protocol.datagramReceived(data, address);
    } catch (error) {
      this.#report(error, 'Exception in protocol.datagramReceived()');
    }
  }

  _onError(error: Error): void {
    this.#call('errorReceived', () => this._protocol.errorReceived(error));
  }

  _drained(): void {
    if ((this._flags & (WRITE_PAUSED | LOST)) !== WRITE_PAUSED) return;
    this._flags &= ~WRITE_PAUSED;
    this.#call('resumeWriting', () => this._protocol.resumeWriting());
  }

  _onClosed(): void {
    this._flags |= LOST | CLOSING;
    this.#call('connectionLost', () => this._protocol.connectionLost(null));
  }

  #call(method: string, call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#report(error, `Exception in protocol.${method}()`);
    }
  }

  #report(exception: unknown, message: string): void {
    if (isA(exception, KeyboardInterrupt)) throw exception;
    this._loop.callExceptionHandler({
      message,
      exception,
      transport: this,
      protocol: this._protocol,
    });
  }

  /**
   * Sends one datagram, which may be empty. Never waits: what the kernel has no room for is kept
   * and sent in order; all datagrams of one turn leave together. Failures are reported to
   * `errorReceived`. The data can be reused at once. After `close()` it is dropped.
   *
   * @param data - text (as UTF-8) or bytes
   * @param address - `[host, port]`, the host numeric, or the path of a Unix socket; with a
   * `remoteAddr` not needed, and only that one is allowed
   * @throws TypeError when data is neither text nor bytes, when an address is missing or malformed;
   * RangeError for a host that is not numeric, a port out of range, an address of the other family,
   * or one that is not `remoteAddr`
   */
  sendto(data: Data, address: AnySocketAddress | null = null): void {
    const bytes = typeof data === 'string' ? null : bytesOf(data);
    if (bytes === undefined) throw notDataError(data);
    const { remote, connected } = this.#target;
    if (remote !== null && address !== null && !sameAddress(remote, address)) {
      throw new RangeError(
        `Invalid address: must be null or ${describe(remote)}, not ${describe(address)}`,
      );
    }
    const to = connected ? null : this.#packed(this.#addressed(address));
    if ((this._flags & CLOSING) !== 0) return;
    const unsent = bytes === null ? this._sendText(data as string, to) : this._sendBytes(bytes, to);
    if (to?.family === 'unix') this._askAgain();
    if (unsent > this._watermarks.high) this.#pauseIfFull();
  }

  #packed(address: AnySocketAddress): PackedAddress {
    const { family } = this.#target;
    if (family === 'unix') return packPath(this._loop._engine, address);
    const packed = packAddress(this._loop._engine, address);
    if (packed.family === family) return packed;
    throw new RangeError(`address: the socket is for IPv${family}, not for ${describe(address)}`);
  }

  #addressed(address: AnySocketAddress | null): AnySocketAddress {
    const to = address ?? this.#target.remote;
    if (to !== null) return to;
    throw new TypeError('sendto(): an address is needed, since the socket has no remoteAddr');
  }

  /** Pauses the protocol only for what does not fit the kernel's buffer. */
  #pauseIfFull(): void {
    if ((this._flags & WRITE_PAUSED) !== 0 || !this._isFull()) return;
    this._flags |= WRITE_PAUSED;
    this._notifyDrain();
    this.#call('pauseWriting', () => this._protocol.pauseWriting());
  }

  /** Bytes not yet taken by the kernel, plus 8 for each datagram. */
  getWriteBufferSize(): number {
    return (this._flags & LOST) !== 0 ? 0 : this._unsent();
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
    if ((this._flags & WRITE_PAUSED) !== 0) this._notifyDrain();
    else if (this.getWriteBufferSize() > this._watermarks.high) this.#pauseIfFull();
  }

  /** Whether it is closing or closed. */
  isClosing(): boolean {
    return (this._flags & CLOSING) !== 0;
  }

  /**
   * Closes: stops receiving, sends what is unsent, then calls `connectionLost(null)`. May be
   * repeated.
   */
  close(): void {
    if ((this._flags & CLOSING) !== 0) return;
    this.#beginClosing();
    this._closeWhenSent();
  }

  /** Closes at once: unsent datagrams are dropped. `connectionLost(null)` follows. */
  abort(): void {
    if ((this._flags & (ABORTED | LOST)) !== 0) return;
    if ((this._flags & CLOSING) === 0) this.#beginClosing();
    this._flags |= ABORTED;
    this._dropAndClose();
  }

  #beginClosing(): void {
    this.#sockname = this.getExtraInfo('sockname', undefined);
    this._flags |= CLOSING;
    this.#closing?.();
  }

  /** The protocol that is being called now. */
  getProtocol(): DatagramProtocol<any> {
    return this._protocol;
  }

  /** Calls another protocol from now on; its `connectionMade` is not called. */
  setProtocol(protocol: DatagramProtocol<any>): void {
    checkProtocol(protocol);
    this._protocol = protocol;
  }

  /**
   * What is known of the socket: `socket` (a {@link DatagramSocket}), `sockname` and `peername`
   * (`[host, port]`, or the path of a Unix socket), also once it is closed; `otherwise` for what is
   * not.
   */
  getExtraInfo(name: 'socket'): DatagramSocket;
  getExtraInfo(name: string, otherwise?: unknown): unknown;
  getExtraInfo(name: string, otherwise: unknown = null): unknown {
    if (name === 'socket') {
      this.#socket ??= new DatagramSocket(this._loop, this._handle, this._generation);
      return this.#socket;
    }
    if (name === 'peername' && this.#target.remote !== null) return this.#target.remote;
    if (name !== 'sockname' && name !== 'peername') return otherwise;
    if (name === 'sockname' && this.#sockname !== undefined) return this.#sockname;
    const which = name === 'sockname' ? ADDRESS_LOCAL : ADDRESS_PEER;
    const found = this._loop._engine.address(this._handle, this._generation, which);
    if (typeof found === 'number') return otherwise;
    return found[1] === PORT_UNIX ? found[0] : [found[0], found[1]];
  }

  /** @internal Its state in a few words, for texts. */
  _state(): string {
    if ((this._flags & LOST) !== 0) return 'closed';
    const state = this.isClosing() ? 'closing' : 'open';
    const local = this.getExtraInfo('sockname', null) as AnySocketAddress | null;
    if (local === null || local === '') return state;
    return `${state} ${typeof local === 'string' ? local.replaceAll('\0', '@') : local.join(' ')}`;
  }

  override toString(): string {
    return `<DatagramTransport ${this._state()}>`;
  }
}

showsText(DatagramTransport);
