/**
 * The futures of `loop.sock*`. Each tries its system call at once, and waits only if that would
 * block.
 *
 * The task may be cancelled between the moment its wait ends and the one in which it resumes. What
 * was received by then would be lost, so it is put back to the socket, whose next receive gets it
 * first.
 */
import { errnoError, errnoOf } from '../core/errors/errno.ts';
import { type AbortError, RuntimeError } from '../core/errors/errors.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import { current } from '../core/context/running.ts';
import { PENDING } from '../core/future/future.ts';
import { Reservation } from '../core/future/reservation.ts';
import { ADDRESS_PEER } from '../native/layout.ts';
import { loadAddon } from '../native/load.ts';
import type { NativeSockets } from '../native/binding.ts';
import { onAbort, type SignalOptions } from '../tasks/abort.ts';
import {
  type AnySocketAddress,
  closeAll,
  closedError,
  type Socket,
  socketOver,
  type Unread,
  wouldBlock,
} from '../io/socket.ts';
import {
  type Direction,
  isWaitedFor,
  stopWaiting,
  type Wait,
  awaitReady,
} from '../io/descriptor-watch.ts';
import { lengthOf } from '../io/data.ts';

const system = (): NativeSockets => loadAddon().sockets;

/** How many calls may succeed at once in one turn; further ones wait as if they would block. */
const AT_ONCE_MAX = 64;
let turn = -1;
let atOnce = 0;

/** Whether one more is allowed in this turn, so that a fast peer does not starve others. */
function mayTryAtOnce(): boolean {
  if (current.turn !== turn) {
    turn = current.turn;
    atOnce = 0;
  }
  return atOnce++ < AT_ONCE_MAX;
}

/** A call on a socket that waits until the socket is ready for it. */
export abstract class SocketOperation<T> extends Reservation<T> implements Wait {
  /** @internal */ declare readonly _socket: Socket;
  /** @internal */ declare readonly _direction: Direction;

  constructor(loop: EventLoop, socket: Socket, direction: Direction) {
    super({ loop });
    this._socket = socket;
    this._direction = direction;
  }

  /** @internal One attempt. @returns whether it is done; the future fails with what it throws */
  abstract _attempt(descriptor: number): boolean;

  /** @internal Tries it, and waits if necessary. */
  _begin(options: SignalOptions): this {
    const loop = this._loop as EventLoop;
    const others = isWaitedFor(loop, this._socket, this._direction);
    if (!others && mayTryAtOnce() && this._ready()) return this;
    if (this._state !== PENDING) return this;
    try {
      awaitReady(loop, this._socket, this._direction, this);
    } catch (error) {
      this._fail(error);
      return this;
    }
    const { signal } = options;
    if (signal !== undefined && signal !== null)
      onAbort(this, signal, (error) => this._abort(error));
    return this;
  }

  /** @internal */
  _ready(): boolean {
    if (this._state !== PENDING) return true;
    const descriptor = this._socket.fileno();
    try {
      if (descriptor < 0) throw closedError(this._syscall());
      if (!this._attempt(descriptor)) return false;
    } catch (error) {
      this._fail(error);
      return true;
    }
    this._grant();
    return true;
  }

  /** @internal The name of the system call, for errors. */
  abstract _syscall(): string;

  /** @internal */
  _broken(error: Error): void {
    if (this._state !== PENDING) return;
    const { code } = error as NodeJS.ErrnoException;
    this._fail(code === 'EBADF' ? closedError(this._syscall()) : error);
  }

  override cancel(reason?: unknown): boolean {
    this.#stop();
    return super.cancel(reason);
  }

  _abort(error: AbortError): void {
    if (this._state !== PENDING) return;
    this.#stop();
    this._fail(error);
  }

  #stop(): void {
    if (this._state !== PENDING) return;
    stopWaiting(this._loop as EventLoop, this._socket, this._direction, this);
  }
}

/** Up to this many bytes are received into shared memory, and then copied. */
const SCRATCH_BYTES = 64 * 1024;
let scratch: Buffer | null = null;

/** One receive: the number of bytes, and the sender if asked for; null if it would block. */
function receive(
  descriptor: number,
  into: Uint8Array,
  asks: boolean,
): [count: number, address: AnySocketAddress] | null {
  const answer = asks
    ? system().receive(descriptor, into, true)
    : system().receive(descriptor, into, false);
  if (typeof answer !== 'number') return answer;
  if (answer >= 0) return [answer, ''];
  if (wouldBlock(answer)) return null;
  throw errnoError(answer, asks ? 'recvfrom' : 'recv');
}

/** What a cancelled receive put back; a datagram is one piece, truncated if longer than `count`. */
export function takeUnread(socket: Socket, count: number): Unread | null {
  const unread = socket._unread.shift();
  if (unread === undefined) return null;
  const { data, address, fds } = unread;
  if (data.length <= count) return unread;
  if (socket.type === 'stream') socket._unread.unshift({ data: data.subarray(count), address });
  const first = { data: data.subarray(0, count), address };
  return fds === undefined ? first : { ...first, fds };
}

/** The same for callers that take no descriptors, which are closed, as the system does. */
function takeBytes(socket: Socket, count: number): Unread | null {
  const unread = takeUnread(socket, count);
  if (unread?.fds !== undefined) closeAll(unread.fds);
  return unread;
}

abstract class ReceiveOperation<T, R> extends SocketOperation<T> {
  /** @internal Whether the sender is asked for. */
  declare readonly _asks: boolean;
  /** @internal What was received, until it is claimed. */
  declare _received: [what: R, address: AnySocketAddress] | null;

  constructor(loop: EventLoop, socket: Socket, asks: boolean) {
    super(loop, socket, 'reader');
    this._asks = asks;
    this._received = null;
  }

  /** @internal */
  override _syscall(): string {
    return this._asks ? 'recvfrom' : 'recv';
  }

  /** @internal */
  override _claim(): T {
    const received = this._received!;
    return (this._asks ? received : received[0]) as T;
  }

  /** @internal */
  override _release(): void {
    const data = this._copy(this._received![0]);
    // The end of a stream can be read again and again.
    if (data.length === 0 && this._socket.type === 'stream') return;
    this._socket._unread.unshift({ data, address: this._received![1] });
  }

  /** @internal A copy of the received bytes. */
  abstract _copy(what: R): Buffer;
}

/** `sockRecv` and `sockRecvfrom`. */
export class Receive<T> extends ReceiveOperation<T, Buffer> {
  /** @internal */ declare readonly _count: number;

  constructor(loop: EventLoop, socket: Socket, count: number, asks: boolean) {
    super(loop, socket, asks);
    this._count = count;
  }

  /** @internal */
  override _attempt(descriptor: number): boolean {
    const unread = takeBytes(this._socket, this._count);
    if (unread !== null) {
      this._received = [unread.data, unread.address];
      return true;
    }
    const small = this._count <= SCRATCH_BYTES;
    if (small) scratch ??= Buffer.allocUnsafeSlow(SCRATCH_BYTES);
    const into = small ? scratch!.subarray(0, this._count) : Buffer.allocUnsafe(this._count);
    const received = receive(descriptor, into, this._asks);
    if (received === null) return false;
    const data = into.subarray(0, received[0]);
    const copied = small || data.length * 2 < this._count;
    this._received = [copied ? Buffer.from(data) : data, received[1]];
    return true;
  }

  /** @internal */
  override _copy(data: Buffer): Buffer {
    return data;
  }
}

/** `sockRecvInto` and `sockRecvfromInto`. */
export class ReceiveInto<T> extends ReceiveOperation<T, number> {
  /** @internal */ declare readonly _into: Uint8Array;

  constructor(loop: EventLoop, socket: Socket, into: Uint8Array, asks: boolean) {
    super(loop, socket, asks);
    this._into = into;
  }

  /** @internal */
  override _attempt(descriptor: number): boolean {
    const unread = takeBytes(this._socket, lengthOf(this._into));
    if (unread !== null) {
      this._into.set(unread.data);
      this._received = [unread.data.length, unread.address];
      return true;
    }
    this._received = receive(descriptor, this._into, this._asks);
    return this._received !== null;
  }

  /** @internal */
  override _copy(count: number): Buffer {
    return Buffer.from(this._into.subarray(0, count));
  }
}

/** `sockSendall`. */
export class SendAll extends SocketOperation<void> {
  /** @internal */ declare readonly _data: Uint8Array;
  /** @internal */ declare readonly _size: number;
  /** How many bytes have been sent so far. */
  declare bytesSent: number;

  constructor(loop: EventLoop, socket: Socket, data: Uint8Array) {
    super(loop, socket, 'writer');
    this._data = data;
    this._size = lengthOf(data);
    this.bytesSent = 0;
  }

  /** @internal */
  override _syscall(): string {
    return 'send';
  }

  /** @internal */
  override _attempt(descriptor: number): boolean {
    if (this.bytesSent < this._size) this.#send(descriptor);
    return this.bytesSent === this._size;
  }

  #send(descriptor: number): void {
    if (lengthOf(this._data) < this._size) {
      throw new RuntimeError('data was transferred or made smaller before it was sent');
    }
    const sent = system().send(descriptor, this._data, this.bytesSent);
    if (sent >= 0) this.bytesSent += sent;
    else if (!wouldBlock(sent)) throw errnoError(sent, 'send');
  }

  /** @internal Adds `bytesSent` to its error. */
  override _takeError(): unknown {
    return withBytesSent(super._takeError(), this.bytesSent);
  }
}

/** Sets `bytesSent` on an error. */
export function withBytesSent(error: unknown, bytesSent: number): unknown {
  if (error instanceof Error) Object.assign(error, { bytesSent });
  return error;
}

/** `sockSendto`. */
export class SendTo extends SocketOperation<number> {
  /** @internal */ declare readonly _data: Uint8Array;
  /** @internal */ declare readonly _to: [host: string, port: number];
  /** @internal */ declare _sent: number;

  constructor(loop: EventLoop, socket: Socket, data: Uint8Array, to: [string, number]) {
    super(loop, socket, 'writer');
    this._data = data;
    this._to = to;
    this._sent = 0;
  }

  /** @internal */
  override _syscall(): string {
    return 'sendto';
  }

  /** @internal */
  override _attempt(descriptor: number): boolean {
    const [host, port] = this._to;
    this._sent = system().send(descriptor, this._data, 0, host, port);
    if (wouldBlock(this._sent)) return false;
    if (this._sent < 0) throw errnoError(this._sent, 'sendto', detailsOf(this._to));
    return true;
  }

  /** @internal */
  override _claim(): number {
    return this._sent;
  }
}

/** Waits until a socket that was full has room to send. */
export class Room extends SocketOperation<void> {
  /** @internal */ declare _told: boolean;

  constructor(loop: EventLoop, socket: Socket) {
    super(loop, socket, 'writer');
    this._told = false;
  }

  /** @internal */
  override _syscall(): string {
    return 'sendfile';
  }

  /** @internal False at the first attempt, before any event was reported. */
  override _attempt(): boolean {
    const told = this._told;
    this._told = true;
    return told;
  }
}

/** `sockConnect` to an address that needs no lookup. */
export class Connect extends SocketOperation<void> {
  /** @internal */ declare readonly _to: [host: string, port: number];
  /** @internal connect(2) was called; the outcome is known once the socket is writable. */
  declare _asked: boolean;

  constructor(loop: EventLoop, socket: Socket, to: [string, number]) {
    super(loop, socket, 'writer');
    this._to = to;
    this._asked = false;
  }

  /** @internal */
  override _syscall(): string {
    return 'connect';
  }

  /** @internal */
  override _attempt(descriptor: number): boolean {
    const result = this._asked ? system().error(descriptor) : this.#ask(descriptor);
    if (!this._asked && isUnderWay(result)) {
      this._asked = true;
      return false;
    }
    if (result < 0) throw errnoError(result, 'connect', detailsOf(this._to));
    return true;
  }

  #ask(descriptor: number): number {
    const socket = this._socket;
    const again = socket._connecting;
    const result = system().connect(descriptor, ...this._to);
    socket._connecting = isUnderWay(result);
    // An earlier attempt that was cancelled has succeeded meanwhile.
    return again && result === errnoOf('EISCONN') ? 0 : result;
  }
}

function isUnderWay(result: number): boolean {
  return result === errnoOf('EINPROGRESS') || result === errnoOf('EALREADY');
}

/** `sockAccept`. */
export class Accept extends SocketOperation<[socket: Socket, address: AnySocketAddress]> {
  /** @internal */ declare _accepted: Socket | null;

  constructor(loop: EventLoop, socket: Socket) {
    super(loop, socket, 'reader');
    this._accepted = null;
  }

  /** @internal */
  override _syscall(): string {
    return 'accept';
  }

  /** @internal */
  override _attempt(descriptor: number): boolean {
    const { family, type, proto } = this._socket;
    const left = this._socket._unclaimed.shift();
    if (left !== undefined) {
      this._accepted = left;
      return true;
    }
    const accepted = system().accept(descriptor);
    if (wouldBlock(accepted)) return false;
    if (accepted < 0) throw errnoError(accepted, 'accept');
    this._accepted = socketOver(accepted, { family, type, proto });
    return true;
  }

  /** @internal */
  override _claim(): [socket: Socket, address: AnySocketAddress] {
    const socket = this._accepted!;
    return [socket, peerOf(socket)];
  }

  /** @internal */
  override _release(): void {
    // If the socket was closed meanwhile, it cannot be put back.
    if (this._socket.fileno() < 0) this._accepted!.close();
    else this._socket._unclaimed.unshift(this._accepted!);
  }
}

/** The peer's address; empty if the peer is already gone. */
function peerOf(socket: Socket): AnySocketAddress {
  const found = system().address(socket.fileno(), ADDRESS_PEER);
  if (typeof found !== 'number') return found;
  return socket.family === 'unix' ? '' : ['', 0];
}

function detailsOf([address, port]: [string, number]): { address: string; port?: number } {
  return port < 0 ? { address } : { address, port };
}
