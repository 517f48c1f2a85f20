/**
 * Sockets that a program uses call by call: asyncio's `loop.sock_*`, and calls that take an
 * existing socket. A transport or a stream is simpler and faster; sockets are for custom protocols,
 * for descriptors opened elsewhere, and for options that must be set before a connect.
 */
import { errnoError, errnoOf } from '../core/errors/errno.ts';
import { describe } from '../core/support/describe.ts';
import { checkOptions } from '../core/support/options.ts';
import { showsText } from '../core/support/shows-text.ts';
import { ADDRESS_LOCAL, ADDRESS_PEER } from '../native/layout.ts';
import { loadAddon } from '../native/load.ts';
import type { NativeSockets } from '../native/binding.ts';
import { checkPort } from './names.ts';
import {
  type AskedOption,
  getSocketOption,
  setSocketOption,
  type SocketOption,
} from './socket-options.ts';
import type { AnySocketAddress } from './transport-socket.ts';

/** 4 and 6 for IP, `'unix'` for sockets within this machine. */
export type SocketFamily = 4 | 6 | 'unix';

/** A stream of bytes, single datagrams, or (Unix sockets) a stream of datagrams. */
export type SocketType = 'stream' | 'datagram' | 'seqpacket';

export type { AnySocketAddress } from './transport-socket.ts';

/** Options of `new Socket`. */
export interface SocketOptions {
  /** Default 4. */
  family?: SocketFamily;
  /** Default `'stream'`. */
  type?: SocketType;
  /** Protocol number; default 0, the usual one for family and type. */
  proto?: number;
}

/** What a cancelled receive put back: the next receive gets it first. */
export interface Unread {
  data: Buffer;
  /** The sender, if it was asked for. */
  address: AnySocketAddress;
  /** Descriptors that were received with it; they must be taken or closed. */
  fds?: readonly number[];
}

/** A loop's watch on the descriptor of a socket. */
export interface SocketWatch {
  /** The socket is about to be closed or detached. */
  _socketGone(): void;
}

const TYPES: readonly string[] = ['stream', 'datagram', 'seqpacket'];
const SHUTDOWN: Readonly<Record<string, number>> = { read: 0, write: 1, both: 2 };
const BACKLOG = 4096;

const system = (): NativeSockets => loadAddon().sockets;

/**
 * An operating system socket. It never blocks, is closed on exec, and belongs to its creator until
 * it is closed, detached, or handed to a call that takes it over (`createConnection({ sock })`,
 * `createServer({ sock })`, `connectAcceptedSocket`).
 *
 * To wait for it, use the loop's methods: `loop.sockRecv(socket, 65536)` and so on.
 *
 * @example
 * using socket = new Socket({ family: 4, type: 'stream' });
 * socket.setsockopt('keepAlive', true);
 * yield* loop.sockConnect(socket, ['127.0.0.1', 8888]);
 * yield* loop.sockSendall(socket, 'hello\n');
 * const answer = yield* loop.sockRecv(socket, 4096);
 */
export class Socket {
  readonly family: SocketFamily;
  readonly type: SocketType;
  readonly proto: number;
  /** The name that `activatedSockets` found for it, else empty. */
  readonly name: string = '';
  #descriptor: number;
  /** @internal The watches of loops on it. */
  readonly _watches: Set<SocketWatch> = new Set();
  /** @internal Data that was received by a call cancelled at the last moment. */
  _unread: Unread[] = [];
  /** @internal Connections that were accepted by a call cancelled at the last moment. */
  _unclaimed: Socket[] = [];
  /** @internal A connect is under way in the system, whether or not it is awaited. */
  _connecting = false;

  /** @throws RangeError for invalid options; an error with `code` (`EMFILE`, …) from the system */
  constructor(options: SocketOptions = {}) {
    checkOptions('Socket', options, ['family', 'type', 'proto']);
    const { family = 4, type = 'stream', proto = 0 } = options;
    checkKind('Socket', family, type, proto);
    this.family = family;
    this.type = type;
    this.proto = proto;
    const adopted = adopting;
    adopting = -1;
    if (adopted >= 0) {
      this.#descriptor = adopted;
      return;
    }
    const descriptor = system().open(family === 'unix' ? 0 : family, type, proto);
    if (descriptor < 0) throw errnoError(descriptor, 'socket');
    this.#descriptor = descriptor;
  }

  /**
   * Takes over a socket that was opened elsewhere, by its descriptor: it is made non-blocking,
   * and is closed with this one.
   * @throws an error with code `ENOTSOCK` or `EBADF` when it is not a socket, and `EAFNOSUPPORT` or
   * `EPROTOTYPE` for a kind that is neither IP nor Unix, neither stream nor datagram
   */
  static from(descriptor: number): Socket {
    checkDescriptor('Socket.from()', descriptor);
    const found = system().examine(descriptor);
    if (typeof found === 'number') throw errnoError(found, 'getsockopt');
    const prepared = system().prepare(descriptor);
    if (prepared < 0) throw errnoError(prepared, 'fcntl');
    const [family, type, proto] = found;
    return socketOver(descriptor, {
      family: family === 0 ? 'unix' : (family as 4 | 6),
      type: type as SocketType,
      proto,
    });
  }

  /** Two connected Unix sockets, as from socketpair(2). */
  static pair(options: { type?: SocketType } = {}): [Socket, Socket] {
    checkOptions('Socket.pair()', options, ['type']);
    const { type = 'stream' } = options;
    checkKind('Socket.pair()', 'unix', type, 0);
    const ends = system().pair(type);
    if (typeof ends === 'number') throw errnoError(ends, 'socketpair');
    const [one, other] = ends;
    return [
      socketOver(one, { family: 'unix', type, proto: 0 }),
      socketOver(other, { family: 'unix', type, proto: 0 }),
    ];
  }

  /** Its descriptor number, -1 once it is closed or detached. */
  fileno(): number {
    return this.#descriptor;
  }

  /**
   * Binds it to a local address.
   * @param address - `[host, port]` with a numeric host, port 0 for any free one; for a Unix socket
   * a path, or a NUL followed by an abstract name (Linux)
   * @throws an error with code `EADDRINUSE`, `EACCES`, …
   */
  bind(address: AnySocketAddress): void {
    const [host, port] = this._place('bind()', address);
    this.#call('bind', system().bind(this._open('bind'), host, port), host, port);
  }

  /** @internal Connects a datagram socket to a path, which never has to wait. */
  _connect(path: string): void {
    this.#call('connect', system().connect(this._open('connect'), path, -1), path, -1);
  }

  /**
   * Starts listening; `loop.sockAccept` accepts. @param backlog - how many connections may queue
   */
  listen(backlog: number = BACKLOG): void {
    if (!Number.isInteger(backlog) || backlog < 0) {
      throw new RangeError(
        `listen(): backlog must be a whole number from 0, not ${describe(backlog)}`,
      );
    }
    this.#call('listen', system().listen(this._open('listen'), Math.min(backlog, 0x7fffffff)));
  }

  /** Ends one direction or both: `'read'`, `'write'`, `'both'` (default). */
  shutdown(how: 'read' | 'write' | 'both' = 'both'): void {
    if (!Object.hasOwn(SHUTDOWN, how)) {
      throw new RangeError(`shutdown(): it is 'read', 'write' or 'both', not ${describe(how)}`);
    }
    this.#call('shutdown', system().shutdown(this._open('shutdown'), SHUTDOWN[how]!));
  }

  /**
   * Sets an option.
   * @throws RangeError or TypeError for an unknown option or invalid value; an error with code
   * `ENOPROTOOPT` when this socket or system does not have the option
   */
  setsockopt(name: SocketOption, value: boolean | number | null): void {
    setSocketOption(this._open('setsockopt'), name, value);
  }

  /** The value of an option: true or false, a number, or null for no `linger`. */
  getsockopt(name: AskedOption): boolean | number | null {
    return getSocketOption(this._open('getsockopt'), name);
  }

  /** Its own address: `[host, port]`, or the path of a Unix socket, empty when it has none. */
  getsockname(): AnySocketAddress {
    return this.#address(ADDRESS_LOCAL, 'getsockname');
  }

  /** The address of the peer. @throws an error with code `ENOTCONN` when it is not connected */
  getpeername(): AnySocketAddress {
    return this.#address(ADDRESS_PEER, 'getpeername');
  }

  /**
   * Another Socket with a duplicate descriptor for the same system socket, which is closed when
   * both are. So two loops in two threads can accept from one port.
   * @throws an error with code `EMFILE` when there are no more descriptors
   */
  dup(): Socket {
    const descriptor = system().duplicate(this._open('dup'));
    if (descriptor < 0) throw errnoError(descriptor, 'dup');
    const { family, type, proto } = this;
    return socketOver(descriptor, { family, type, proto });
  }

  /** Returns the descriptor, which the caller must close from now on. Calls waiting for it fail. */
  detach(): number {
    const descriptor = this._open('detach');
    this.#leave();
    return descriptor;
  }

  /** Closes it. Calls waiting for it fail with code `EBADF`. May be repeated. */
  close(): void {
    const descriptor = this.#descriptor;
    if (descriptor < 0) return;
    this.#leave();
    system().close(descriptor);
  }

  /** `using`: closes it. */
  [Symbol.dispose](): void {
    this.close();
  }

  toString(): string {
    const descriptor = this.#descriptor;
    const kind = `${this.family === 'unix' ? 'unix' : `IPv${this.family}`} ${this.type}`;
    if (descriptor < 0) return `<Socket closed ${kind}>`;
    const name = this.name === '' ? '' : ` name=${this.name}`;
    const local = system().address(descriptor, ADDRESS_LOCAL);
    const peer = system().address(descriptor, ADDRESS_PEER);
    return `<Socket fd=${descriptor} ${kind}${name}${placeText('local', local)}${placeText('peer', peer)}>`;
  }

  /** @internal The descriptor. @throws an error with code EBADF once it is closed */
  _open(syscall: string): number {
    if (this.#descriptor < 0) throw closedError(syscall);
    return this.#descriptor;
  }

  /** @internal An address in the form that the native calls take. */
  _place(where: string, address: unknown): [host: string, port: number] {
    if (this.family === 'unix') {
      if (typeof address === 'string') return [address, -1];
      throw new TypeError(
        `${where}: the address of a Unix socket is its path, not ${describe(address)}`,
      );
    }
    if (!Array.isArray(address) || address.length < 2 || typeof address[0] !== 'string') {
      throw new TypeError(`${where}: an address is [host, port], not ${describe(address)}`);
    }
    checkPort(address[1]);
    if (typeof address[1] !== 'number') {
      throw new TypeError(`${where}: port must be a number, not ${describe(address[1])}`);
    }
    const host = address[0];
    return [host === '' ? (this.family === 4 ? '0.0.0.0' : '::') : host, address[1]];
  }

  #call(syscall: string, result: number, host?: string, port?: number): void {
    if (result >= 0) return;
    const address = host;
    throw errnoError(
      result,
      syscall,
      port === undefined || port < 0 ? { address } : { address, port },
    );
  }

  #address(which: number, syscall: string): AnySocketAddress {
    const found = system().address(this._open(syscall), which);
    if (typeof found === 'number') throw errnoError(found, syscall);
    return found;
  }

  /** @internal Makes all waits for it fail. */
  _stopWaiting(): void {
    for (const watch of [...this._watches]) watch._socketGone();
    this._watches.clear();
  }

  /** Ends its watches before the descriptor number can be reused. */
  #leave(): void {
    this.#descriptor = -1;
    this._stopWaiting();
    for (const socket of this._unclaimed.splice(0)) socket.close();
    for (const { fds } of this._unread.splice(0)) if (fds !== undefined) closeAll(fds);
  }
}

showsText(Socket);

/** Closes received descriptors that nobody takes. */
export function closeAll(fds: readonly number[]): void {
  for (const each of fds) system().close(each);
}

/** The descriptor that the constructor adopts instead of opening one; -1 for none. */
let adopting = -1;

/** A Socket that takes over a descriptor whose kind is known. */
export function socketOver(
  descriptor: number,
  { family, type, proto }: Required<SocketOptions>,
): Socket {
  adopting = descriptor;
  return new Socket({ family, type, proto });
}

/** Sets its name. */
export function nameSocket(socket: { name: string }, name: string): void {
  socket.name = name;
}

/** The error for using a closed socket. */
export function closedError(syscall: string): Error {
  const error = errnoError('EBADF', syscall);
  error.message += ': the socket is closed';
  return error;
}

/** @throws TypeError when `socket` is not a Socket */
export function checkSocket(where: string, socket: unknown): asserts socket is Socket {
  if (socket instanceof Socket) return;
  throw new TypeError(`${where}: a Socket was expected, not ${describe(socket)}`);
}

/** @throws RangeError unless `descriptor` is a possible descriptor number */
function checkDescriptor(where: string, descriptor: unknown): void {
  if (typeof descriptor === 'number' && Number.isInteger(descriptor) && descriptor >= 0) return;
  throw new RangeError(
    `${where}: a descriptor is a whole number from 0, not ${describe(descriptor)}`,
  );
}

function checkKind(where: string, family: unknown, type: unknown, proto: unknown): void {
  if (family !== 4 && family !== 6 && family !== 'unix') {
    throw new RangeError(`${where}: family must be 4, 6 or 'unix', not ${describe(family)}`);
  }
  if (!TYPES.includes(type as string)) {
    const all = TYPES.map((each) => `'${each}'`).join(', ');
    throw new RangeError(`${where}: type must be one of ${all}, not ${describe(type)}`);
  }
  if (!Number.isInteger(proto) || (proto as number) < 0 || (proto as number) > 0xffff) {
    throw new RangeError(`${where}: proto must be a whole number from 0, not ${describe(proto)}`);
  }
}

function placeText(label: string, address: AnySocketAddress | number): string {
  if (typeof address === 'number') return '';
  if (typeof address !== 'string') return ` ${label}=${address[0]} ${address[1]}`;
  return address === '' ? '' : ` ${label}=${address.replaceAll('\0', '@')}`;
}

/** Whether a result means that the call would have blocked. */
export function wouldBlock(result: number): boolean {
  return result === errnoOf('EAGAIN');
}
