import { describe } from '../core/support/describe.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import { errnoError } from '../core/errors/errno.ts';
import { showsText } from '../core/support/shows-text.ts';
import {
  type AskedOption,
  getSocketOption,
  setSocketOption,
  type SocketOption,
} from './socket-options.ts';
import { ADDRESS_LOCAL, ADDRESS_PEER, PORT_UNIX } from '../native/layout.ts';

/** A socket's address: `[host, port]`, the host numeric. */
export type SocketAddress = readonly [host: string, port: number];

/** `[host, port]`, or the path of a Unix socket (empty when it has none). */
export type AnySocketAddress = SocketAddress | string;

/**
 * A limited view of the socket of a transport or a server: its addresses, descriptor number and
 * options. Reading, writing and closing are done by the transport.
 *
 * @example const [host, port] = server.sockets[0].getsockname();
 */
export class TransportSocket {
  readonly #loop: EventLoop;
  readonly #handle: number;
  readonly #generation: number;

  /** @internal */
  constructor(loop: EventLoop, handle: number, generation: number) {
    this.#loop = loop;
    this.#handle = handle;
    this.#generation = generation;
  }

  /** 4, 6 or `'unix'`. Throws once the socket is closed. */
  get family(): 4 | 6 | 'unix' {
    const [, port, family] = this.#ask(ADDRESS_LOCAL, 'getsockname');
    if (port === PORT_UNIX) return 'unix';
    return family === 6 ? 6 : 4;
  }

  /**
   * The local address: `[host, port]`, or the path of a Unix socket (as `getsockname<string>()` in
   * TypeScript). Throws once the socket is closed.
   */
  getsockname<A extends AnySocketAddress = SocketAddress>(): A {
    return placeOf(this.#ask(ADDRESS_LOCAL, 'getsockname')) as A;
  }

  /** The address of the peer, likewise. Throws once it is closed, or when it has no peer. */
  getpeername<A extends AnySocketAddress = SocketAddress>(): A {
    return placeOf(this.#ask(ADDRESS_PEER, 'getpeername')) as A;
  }

  /** The local address in the format of `node:net`; for a Unix socket its path, with port 0. */
  address(): { address: string; family: 'IPv4' | 'IPv6' | 'unix'; port: number } {
    const [address, port, family] = this.#ask(ADDRESS_LOCAL, 'getsockname');
    if (port === PORT_UNIX) return { address, family: 'unix', port: 0 };
    return { address, family: family === 6 ? 'IPv6' : 'IPv4', port };
  }

  /** The descriptor's number, -1 once it is closed. */
  fileno(): number {
    const descriptor = this.#loop._engine.descriptor(this.#handle, this.#generation);
    return descriptor < 0 ? -1 : descriptor;
  }

  /**
   * Sets an option, as `Socket.setsockopt` does: `keepIdle`, `linger`, `userTimeout`, …
   * @throws RangeError or TypeError when there is no such option or value; an error with code
   * `ENOPROTOOPT` when this socket or system has it not, `EBADF` once it is closed
   */
  setsockopt(name: SocketOption, value: boolean | number | null): void {
    setSocketOption(this.#open('setsockopt'), name, value);
  }

  /** The value of an option: true or false, a number, or null for no `linger`. */
  getsockopt(name: AskedOption): boolean | number | null {
    return getSocketOption(this.#open('getsockopt'), name);
  }

  /** Whether small writes leave at once (default true) or wait for more. */
  setNoDelay(on = true): void {
    this._setOption('noDelay', on ? 1 : 0);
  }

  /** Sets whether the kernel probes a silent peer (SO_KEEPALIVE); off by default. */
  setKeepAlive(on = true): void {
    this._setOption('keepAlive', on ? 1 : 0);
  }

  /** Sets the size of the kernel's receive buffer, in bytes. */
  setReceiveBufferSize(bytes: number): void {
    this._setOption('receiveBuffer', bytes);
  }

  /** Sets the size of the kernel's send buffer, in bytes. */
  setSendBufferSize(bytes: number): void {
    this._setOption('sendBuffer', bytes);
  }

  toString(): string {
    const local = this.#loop._engine.address(this.#handle, this.#generation, ADDRESS_LOCAL);
    const place = typeof local === 'number' ? '' : ` ${placeText(local)}`;
    const descriptor = this.fileno();
    return `<${this.constructor.name} ${descriptor < 0 ? 'closed' : `fd=${descriptor}`}${place}>`;
  }

  #open(syscall: string): number {
    const descriptor = this.fileno();
    if (descriptor >= 0) return descriptor;
    throw errnoError('EBADF', syscall);
  }

  #ask(which: number, syscall: string): [string, number, number] {
    const found = this.#loop._engine.address(this.#handle, this.#generation, which);
    if (typeof found === 'number') throw errnoError(found, syscall);
    return found;
  }

  /** @internal */
  _setOption(name: string, value: number): void {
    if (!Number.isInteger(value) || value < 0) {
      throw new RangeError(`${name} must be a non-negative integer, not ${describe(value)}`);
    }
    const result = this.#loop._engine.option(this.#handle, this.#generation, name, value);
    if (result < 0) throw errnoError(result, 'setsockopt');
  }
}

function placeOf([host, port]: [string, number, number]): AnySocketAddress {
  return port === PORT_UNIX ? host : [host, port];
}

function placeText([host, port]: [string, number, number]): string {
  if (port !== PORT_UNIX) return `${host} ${port}`;
  // An abstract name begins with NUL, by convention displayed as @.
  return host === '' ? 'unix' : `unix ${host.replaceAll('\0', '@')}`;
}

showsText(TransportSocket);
