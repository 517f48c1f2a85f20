import { Duplex } from 'node:stream';

import { describe } from '../core/support/describe.ts';
import { errnoError } from '../core/errors/errno.ts';
import { checkFlags, checkOptions } from '../core/support/options.ts';
import { showsText } from '../core/support/shows-text.ts';
import { Protocol, Transport } from '../net/index.ts';

/** Options of `toNodeStream`. */
export interface ToNodeOptions {
  /**
   * Whether writing may continue after the peer has ended its side; false by default, as for Node's
   * sockets.
   */
  allowHalfOpen?: boolean;
}

type Done = (error?: Error | null) => void;

/**
 * Wraps a transport as a Duplex stream of Node, with the methods of `net.Socket` that libraries
 * use. It replaces the transport's protocol: data that the protocol has already received is not in
 * the stream.
 *
 * Nothing is read before the stream is read, and a write completes when the transport accepts more,
 * so `pipe` and `pipeline` have backpressure in both directions. `end()` ends our direction once
 * everything has been sent; `destroy()` drops what has not. A broken connection destroys the stream
 * with an error like Node's (`code`, `errno`, `syscall`).
 *
 * @param transport - of TCP, a Unix socket, TLS or a pipe; for a StreamWriter pass
 *   `writer.transport`
 * @throws TypeError when `transport` is not a Transport, or for wrong options
 * @example
 * const [transport] = yield* createConnection(() => new Protocol(), host, 5432);
 * const client = new pg.Client({ stream: () => toNodeStream(transport) });
 */
export function toNodeStream(transport: Transport, options: ToNodeOptions = {}): TransportStream {
  if (!(transport instanceof Transport)) {
    throw new TypeError(`toNodeStream(): a Transport was expected, not ${describe(transport)}`);
  }
  checkOptions('toNodeStream()', options, ['allowHalfOpen']);
  checkFlags('toNodeStream()', options, ['allowHalfOpen']);
  return new TransportStream(transport, options.allowHalfOpen ?? false);
}

/** The return type of `toNodeStream`: a Duplex that can be used like a connected `net.Socket`. */
export class TransportStream extends Duplex {
  readonly #transport: Transport;
  /** Whether the transport has called `pauseWriting`. */
  #full = false;
  /** The callback of the write, or of the end, that waits for `resumeWriting`. */
  #waiting: Done | null = null;
  #ended = false;
  #lost = false;
  #closed: Done | null = null;
  #idle: ReturnType<typeof setTimeout> | null = null;
  #idleMs = 0;

  /** @internal */
  constructor(transport: Transport, allowHalfOpen: boolean) {
    super({ allowHalfOpen });
    this.#transport = transport;
    transport.pauseReading();
    transport.setProtocol(new StreamFeed(this));
    if (transport.isClosing()) this._connectionLost(null);
  }

  override _read(): void {
    this.#transport.resumeReading();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    if (this.#lost) {
      done(errnoError('EPIPE', 'write'));
      return;
    }
    this.#busy();
    try {
      this.#transport.write(chunk);
    } catch (error) {
      done(error as Error);
      return;
    }
    if (this.#full) this.#waiting = done;
    else done();
  }

  override _writev(chunks: Array<{ chunk: Buffer }>, done: Done): void {
    const all = chunks.map(({ chunk }) => chunk);
    this._write(all.length === 1 ? all[0]! : Buffer.concat(all), 'utf8', done);
  }

  /** Completes when everything has been sent: a stream that has emitted 'finish' loses nothing. */
  override _final(done: Done): void {
    if (this.#lost) {
      done();
      return;
    }
    const transport = this.#transport;
    const end = (error?: Error | null): void => {
      if (!this.#lost && !error && transport.canWriteEof()) transport.writeEof();
      done(error);
    };
    transport.setWriteBufferLimits({ high: 0, low: 0 });
    if (this.#full) this.#waiting = end;
    else end();
  }

  override _destroy(error: Error | null, done: Done): void {
    this.setTimeout(0);
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.(error);
    if (this.#lost) {
      done(error);
      return;
    }
    this.#closed = () => done(error);
    // A finished connection is closed properly (TLS sends its alert); any other is aborted.
    if (error === null && this.writableFinished) this.#transport.close();
    else this.#transport.abort();
  }

  /** @internal */
  _received(data: Buffer): void {
    this.#busy();
    if (!this.push(data)) this.#transport.pauseReading();
  }

  /** @internal */
  _ended(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.push(null);
    // Makes 'end' appear even if nobody reads, as Node's sockets do.
    if (this.readableLength === 0) this.read(0);
  }

  /** @internal */
  _pause(): void {
    this.#full = true;
  }

  /** @internal */
  _goOn(): void {
    this.#full = false;
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.();
  }

  /** @internal */
  _connectionLost(error: Error | null): void {
    this.#lost = true;
    const closed = this.#closed;
    if (closed !== null) {
      closed();
      return;
    }
    if (error !== null || !this.#ended) {
      this.destroy(error ?? undefined);
      return;
    }
    // It ended without an error: data received can still be read.
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.(errnoError('EPIPE', 'write'));
    if (!this.writableEnded) this.end();
  }

  /** The wrapped transport. */
  get transport(): Transport {
    return this.#transport;
  }

  /** Always false: it is connected. */
  get connecting(): boolean {
    return false;
  }

  /** Always false, as for a connected `net.Socket`. */
  get pending(): boolean {
    return false;
  }

  /** Whether the connection uses TLS. */
  get encrypted(): boolean {
    return this.#transport.getExtraInfo('tlsVersion') !== null;
  }

  /** The ALPN protocol agreed on over TLS, or false. */
  get alpnProtocol(): string | false {
    return (this.#transport.getExtraInfo('alpnProtocol') as string | null) || false;
  }

  get remoteAddress(): string | undefined {
    return this.#place('peername')?.[0];
  }

  get remotePort(): number | undefined {
    return this.#place('peername')?.[1];
  }

  get remoteFamily(): string | undefined {
    return familyOf(this.remoteAddress);
  }

  get localAddress(): string | undefined {
    return this.#place('sockname')?.[0];
  }

  get localPort(): number | undefined {
    return this.#place('sockname')?.[1];
  }

  /** The local address, as `net.Socket.address()`. */
  address(): { address?: string; family?: string; port?: number } {
    const place = this.#place('sockname');
    if (place === undefined) return {};
    return { address: place[0], port: place[1], family: familyOf(place[0])! };
  }

  #place(name: string): [string, number] | undefined {
    const place = this.#transport.getExtraInfo(name);
    return Array.isArray(place) ? (place as [string, number]) : undefined;
  }

  /**
   * Emits 'connect' and 'ready', since it is already connected: for libraries that call `connect`
   * on the socket they are given.
   */
  connect(...args: unknown[]): this {
    const listener = args.at(-1);
    if (typeof listener === 'function') this.once('connect', listener as () => void);
    process.nextTick(() => {
      this.emit('connect');
      this.emit('ready');
    });
    return this;
  }

  /**
   * Sets whether small writes are sent at once; no effect where the transport has no such option.
   */
  setNoDelay(on = true): this {
    this.#option((socket) => socket.setNoDelay(on));
    return this;
  }

  /**
   * Sets whether the kernel probes a silent peer; no effect where the transport has no such option.
   */
  setKeepAlive(on = false): this {
    this.#option((socket) => socket.setKeepAlive(on));
    return this;
  }

  #option(
    set: (socket: { setNoDelay(on: boolean): void; setKeepAlive(on: boolean): void }) => void,
  ): void {
    try {
      set(this.#transport.getExtraInfo('socket') as never);
    } catch {
      // A pipe or a closed connection has no such option, and needs none.
    }
  }

  /**
   * Emits `'timeout'` after this many milliseconds without data received or written; 0 turns it
   * off.
   */
  setTimeout(ms: number, listener?: () => void): this {
    this.#idleMs = ms;
    if (listener !== undefined) {
      if (ms === 0) this.off('timeout', listener);
      else this.once('timeout', listener);
    }
    this.#busy();
    return this;
  }

  /** The time given to `setTimeout`, in milliseconds; 0 when off. */
  get timeout(): number {
    return this.#idleMs;
  }

  #busy(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    if (this.#idleMs === 0 || this.destroyed) return;
    this.#idle = setTimeout(() => this.emit('timeout'), this.#idleMs);
    this.#idle.unref();
  }

  /** Does nothing: the running loop keeps the process alive. */
  ref(): this {
    return this;
  }

  /** Does nothing, like `ref`. */
  unref(): this {
    return this;
  }

  override toString(): string {
    const state = this.destroyed ? 'destroyed' : this.writableEnded ? 'ending' : 'open';
    return `<TransportStream ${state} ${String(this.#transport)}>`;
  }
}

showsText(TransportStream);

function familyOf(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  return address.includes(':') ? 'IPv6' : 'IPv4';
}

/** The protocol that forwards the transport's events to the stream. */
class StreamFeed extends Protocol {
  readonly #stream: TransportStream;

  constructor(stream: TransportStream) {
    super();
    this.#stream = stream;
  }

  /** @internal The stream keeps the bytes it is given, so their memory must not be reused. */
  get _keepsBytes(): boolean {
    return true;
  }

  override dataReceived(data: Buffer): void {
    this.#stream._received(data);
  }

  override eofReceived(): boolean {
    this.#stream._ended();
    return true;
  }

  override pauseWriting(): void {
    this.#stream._pause();
  }

  override resumeWriting(): void {
    this.#stream._goOn();
  }

  override connectionLost(error: unknown): void {
    this.#stream._connectionLost(error as Error | null);
  }
}
