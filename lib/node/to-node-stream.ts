import { Duplex } from 'node:stream';

import { describe } from '../core/support/describe.ts';
import { errnoError } from '../core/errors/errno.ts';
import { checkFlags, checkOptions } from '../core/support/options.ts';
import { showsText } from '../core/support/shows-text.ts';
import { Protocol, Transport } from '../net/index.ts';

/** How a transport becomes a stream of Node's. */
export interface ToNodeOptions {
  /** Go on writing when the peer has ended its side; default false, as of Node's sockets. */
  allowHalfOpen?: boolean;
}

type Done = (error?: Error | null) => void;

/**
 * A transport as a Duplex of Node's, with what libraries ask of a socket besides. It takes the
 * transport's protocol's place: what the protocol has been given before is not in the stream.
 *
 * Nothing is read before the stream is read, and a write is done when the transport wants
 * more: so `pipe` and `pipeline` keep to the pace of both ends. `end()` ends our direction once
 * everything has left; `destroy()` drops what has not. A connection that breaks destroys the
 * stream with its error, as Node's would have it (`code`, `errno`, `syscall`).
 *
 * @param transport - of TCP, a Unix socket, TLS or a pipe; of a stream it is `writer.transport`
 * @throws TypeError when it is no transport
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

/** What `toNodeStream` gives: a Duplex that can be taken for a connected `net.Socket`. */
export class TransportStream extends Duplex {
  readonly #transport: Transport;
  /** Whether the transport has asked for a pause. */
  #full = false;
  /** The write, or the end, that waits for it to go on. */
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

  /** Is over when everything has left: a stream that has finished loses nothing. */
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
    // What has finished may still say its goodbye (TLS); all else is cut off.
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
    // So that the end is seen where nobody reads: as Node's sockets do it.
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
    // It has ended well: what was received is still to be read.
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.(errnoError('EPIPE', 'write'));
    if (!this.writableEnded) this.end();
  }

  /** The transport below. */
  get transport(): Transport {
    return this.#transport;
  }

  /** False: it stands. */
  get connecting(): boolean {
    return false;
  }

  /** As of `net.Socket`. */
  get pending(): boolean {
    return false;
  }

  /** True over TLS. */
  get encrypted(): boolean {
    return this.#transport.getExtraInfo('tlsVersion') !== null;
  }

  /** Over TLS what was agreed on, or false. */
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

  /** The address of our end, as of `net.Socket`. */
  address(): { address?: string; family?: string; port?: number } {
    const place = this.#place('sockname');
    if (place === undefined) return {};
    return { address: place[0], port: place[1], family: familyOf(place[0])! };
  }

  #place(name: string): [string, number] | undefined {
    const place = this.#transport.getExtraInfo(name);
    return Array.isArray(place) ? (place as [string, number]) : undefined;
  }

  /** It is connected already: for libraries that connect themselves what they are given. */
  connect(...args: unknown[]): this {
    const listener = args.at(-1);
    if (typeof listener === 'function') this.once('connect', listener as () => void);
    process.nextTick(() => {
      this.emit('connect');
      this.emit('ready');
    });
    return this;
  }

  /** Whether small writes leave at once; where there is no such option, nothing happens. */
  setNoDelay(on = true): this {
    this.#option((socket) => socket.setNoDelay(on));
    return this;
  }

  /** Whether the kernel probes a silent peer. */
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
      // A pipe has no such option, nor has a connection that is gone: neither needs it.
    }
  }

  /** `'timeout'` after so many milliseconds in which nothing came and nothing was written. */
  setTimeout(ms: number, listener?: () => void): this {
    this.#idleMs = ms;
    if (listener !== undefined) {
      if (ms === 0) this.off('timeout', listener);
      else this.once('timeout', listener);
    }
    this.#busy();
    return this;
  }

  /** The milliseconds of `setTimeout`. */
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

  /** What keeps the process alive is the loop's run. */
  ref(): this {
    return this;
  }

  /** The same. */
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

/** Hands what the transport tells to its stream. */
class StreamFeed extends Protocol {
  readonly #stream: TransportStream;

  constructor(stream: TransportStream) {
    super();
    this.#stream = stream;
  }

  /** @internal A stream keeps what it is given. */
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
