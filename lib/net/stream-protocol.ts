import { errnoOf } from '../core/errors/errno.ts';
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { Future } from '../core/future/future.ts';
import { doneFuture, failedFuture } from '../core/future/done-future.ts';
import { Protocol } from './protocol.ts';
import type { StreamReader } from './stream-reader.ts';
import type { Transport } from './transport.ts';

/** Called once the connection is established. */
export type StreamConnected = (transport: Transport, protocol: StreamProtocol) => void;

/**
 * The protocol of a pair of streams: feeds the reader, and makes the writer wait while too much is
 * unsent.
 */
export class StreamProtocol extends Protocol {
  readonly loop: AbstractEventLoop;
  readonly reader: StreamReader;
  /** Whether the connection was accepted by a server. */
  readonly _accepted: boolean;
  #connected: StreamConnected | null;
  #paused = false;
  #lost = false;
  #error: unknown = null;
  /** The futures waiting in drain(). */
  #drains: Array<Future<void>> | null = null;
  /** The futures waiting for the end of the connection. */
  #ends: Array<Future<void>> | null = null;
  #nothing: Future<void> | null = null;

  constructor(reader: StreamReader, connected: StreamConnected | null = null) {
    super();
    this.loop = reader.loop;
    this.reader = reader;
    this.#connected = connected;
    this._accepted = connected !== null;
  }

  override connectionMade(transport: Transport): void {
    this.reader.setTransport(transport);
    const connected = this.#connected;
    this.#connected = null;
    connected?.(transport, this);
  }

  /** @internal Received bytes are kept in the reader. */
  get _keepsBytes(): boolean {
    return true;
  }

  /** @internal Memory into which the reader wants more bytes, or null. */
  _room(): Buffer | null {
    return this.reader._room();
  }

  /** @internal Records that `count` bytes were received there. */
  _filled(count: number): void {
    this.reader._filled(count);
  }

  override dataReceived(data: Buffer): void {
    this.reader.feedData(data);
  }

  /** The other direction stays open: the owner of the writer closes it. */
  override eofReceived(): boolean {
    this.reader.feedEof();
    return true;
  }

  override connectionLost(error: unknown): void {
    this.#lost = true;
    this.#error = error;
    if (error === null) this.reader.feedEof();
    else this.reader.setException(error);
    const waiting = [...(this.#drains ?? []), ...(this.#ends ?? [])];
    this.#drains = null;
    this.#ends = null;
    for (const waiter of waiting) this.#settle(waiter);
  }

  #settle(waiter: Future<void>): void {
    if (waiter.done()) return;
    if (this.#error === null) waiter.setResult(undefined);
    else waiter.setException(this.#error);
  }

  override pauseWriting(): void {
    this.#paused = true;
  }

  override resumeWriting(): void {
    this.#paused = false;
    const drains = this.#drains;
    this.#drains = null;
    for (const waiter of drains ?? []) {
      if (!waiter.done()) waiter.setResult(undefined);
    }
  }

  /**
   * A done future without a value. It never changes, so one serves every `drain()` that need not
   * wait.
   */
  #goOn(): Future<void> {
    return (this.#nothing ??= doneFuture<void>(this, undefined));
  }

  /** Waits while the transport asks for a pause. */
  drained(): Future<void> {
    if (this.#lost) return failedFuture(this, connectionLostError());
    if (!this.#paused) return this.#goOn();
    const waiter = new Future<void>(this);
    (this.#drains ??= []).push(waiter);
    return waiter;
  }

  /** Waits for connectionLost; fails with its error. */
  ended(): Future<void> {
    if (this.#lost) return this.#error === null ? this.#goOn() : failedFuture(this, this.#error);
    const waiter = new Future<void>(this);
    (this.#ends ??= []).push(waiter);
    return waiter;
  }
}

function connectionLostError(): Error {
  return Object.assign(new Error('Connection lost'), {
    code: 'ECONNRESET',
    errno: errnoOf('ECONNRESET'),
  });
}
