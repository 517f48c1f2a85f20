/**
 * The socket of a connection for applications of `node:http`: the part of `net.Socket` that they
 * use.
 */
import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Future } from '../../core/future/future.ts';
import type { TimerHandle } from '../../core/loop/handle.ts';
import { ADDRESS_LOCAL, ADDRESS_PEER } from '../../native/layout.ts';
import type { ServerConnection } from '../server/server-connection.ts';

type Done = (error?: Error | null) => void;

/** The value of `writableHighWaterMark`, in bytes; only for display. */
const HIGH_WATER = 64 * 1024;

/** The interface of the request that is being answered. */
export interface Served {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** The application reads the body of the request. */
  feed(): void;
  /** The first byte of the response is sent. */
  begin(): void;
  /** The bytes written have been sent. */
  drained(): void;
  /** The connection is gone, or the application destroys it. */
  drop(): void;
}

export class NodeSocket extends EventEmitter {
  readonly #connection: ServerConnection;
  /** The request that is being answered; null between two requests. */
  served: Served | null = null;
  destroyed = false;
  /** Read by `IncomingMessage`, which calls `resume()` whenever it wants more. */
  readonly _paused = false;
  /** Used by `ServerResponse`, which writes while it is set here. */
  _httpMessage: ServerResponse | null = null;
  /** Used by `ServerResponse` to count how often it has corked. */
  readonly _writableState = { corked: 0 };
  readonly connecting = false;
  readonly pending = false;
  timeout = 0;
  #timer: TimerHandle | null = null;
  #drained: Future<void> | null = null;
  #waiting: Done[] = [];

  constructor(connection: ServerConnection) {
    super();
    this.#connection = connection;
  }

  get readable(): boolean {
    return !this.destroyed;
  }

  get writable(): boolean {
    return !this.destroyed;
  }

  /**
   * The number of unsent bytes while 'drain' is pending, otherwise 0: bytes that the kernel takes
   * soon need no waiting.
   */
  get writableLength(): number {
    return this.#drained === null || this.destroyed ? 0 : this.#connection._unsent();
  }

  get writableHighWaterMark(): number {
    return HIGH_WATER;
  }

  get encrypted(): boolean {
    return this.#connection._server._scheme === 'https';
  }

  get remoteAddress(): string | undefined {
    return this.#address(ADDRESS_PEER)?.[0];
  }

  get remotePort(): number | undefined {
    return this.#address(ADDRESS_PEER)?.[1];
  }

  get remoteFamily(): string | undefined {
    return familyOf(this.remoteAddress);
  }

  get localAddress(): string | undefined {
    return this.#address(ADDRESS_LOCAL)?.[0];
  }

  get localPort(): number | undefined {
    return this.#address(ADDRESS_LOCAL)?.[1];
  }

  /** The local address, as `net.Socket.address()`. */
  address(): object {
    const { localAddress: address, localPort: port } = this;
    return address === undefined ? {} : { address, port, family: familyOf(address) };
  }

  #address(which: number): [string, number, number] | undefined {
    const { _rings: rings, _handle: handle, _generation: generation } = this.#connection;
    const found = rings.engine.address(handle, generation, which);
    return typeof found === 'number' ? undefined : found;
  }

  /** @returns whether there is room for more */
  write(
    data: string | Uint8Array,
    encoding?: BufferEncoding | Done | null,
    done?: Done | null,
  ): boolean {
    if (typeof encoding === 'function') return this.write(data, null, encoding);
    const connection = this.#connection;
    if (this.destroyed || connection._lost) {
      if (typeof done === 'function') process.nextTick(done, gone());
      return false;
    }
    if (data.length !== 0) {
      this.served?.begin();
      this.#busy();
      if (typeof data !== 'string') connection._writeBytes(data);
      else if (encoding === 'latin1') connection._writeLatin1(data);
      else if ((encoding ?? '') === '' || /^utf-?8$/i.test(encoding!)) connection._writeUtf8(data);
      else connection._writeBytes(Buffer.from(data, encoding!));
    }
    const drained = this.#drained ?? connection._drain();
    if (drained === null) {
      if (typeof done === 'function') process.nextTick(done);
      return true;
    }
    if (typeof done === 'function') this.#waiting.push(done);
    if (this.#drained === null) this.#waitFor(drained);
    return false;
  }

  #waitFor(drained: Future<void>): void {
    this.#drained = drained;
    drained.addDoneCallback(() => {
      this.#drained = null;
      const error = drained.cancelled() ? null : drained.exception();
      const all = this.#waiting;
      this.#waiting = [];
      for (const done of all) done(error as Error | null);
      if (error !== null) return;
      this.served?.drained();
      this.emit('drain');
    });
  }

  /** Does nothing: what is written in one turn is sent together anyway. */
  cork(): void {}
  uncork(): void {}

  /** Closes the connection once everything written has been sent, as `Writable.end`. */
  end(data?: string | Uint8Array): this {
    if (data !== undefined) this.write(data);
    this.destroySoon();
    return this;
  }

  destroySoon(): void {
    this.served?.drop();
    if (!this.destroyed) this.#connection._closeWhenSent();
  }

  /** Drops the connection. */
  destroy(_error?: Error): this {
    if (this.destroyed) return this;
    this.#connection._abort();
    this._gone();
    return this;
  }

  /** @internal The client has disconnected, or the socket was destroyed. */
  _gone(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.setTimeout(0);
    this.served?.drop();
    this.emit('close', false);
  }

  /** Requests more of the request's body. */
  resume(): this {
    this.served?.feed();
    return this;
  }

  pause(): this {
    return this;
  }

  setTimeout(ms: number, listener?: () => void): this {
    this.timeout = ms;
    if (listener !== undefined) this.once('timeout', listener);
    this.#busy();
    return this;
  }

  #busy(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (this.timeout === 0 || this.destroyed) return;
    const { _loop: loop } = this.#connection;
    this.#timer = loop.callLater(this.timeout / 1000, () => this.#onTimeout());
    this.#timer.unref();
  }

  /** As in Node's server: without a listener the connection is closed. */
  #onTimeout(): void {
    const { served } = this;
    const heard = [
      served !== null && !served.incoming.complete && served.incoming.emit('timeout', this),
      served !== null && served.outgoing.emit('timeout', this),
      this.emit('timeout'),
    ];
    if (!heard.includes(true)) this.destroy();
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

function familyOf(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  return address.includes(':') ? 'IPv6' : 'IPv4';
}

function gone(): Error {
  return Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' });
}
