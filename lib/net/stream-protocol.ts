import { errnoOf } from '../core/errors/errno.ts';
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { Future } from '../core/future/future.ts';
import { doneFuture, failedFuture } from '../core/future/done-future.ts';
import { Protocol } from './protocol.ts';
import type { StreamReader } from './stream-reader.ts';
import type { Transport } from './transport.ts';

/** Called once the connection stands. */
export type StreamConnected = (transport: Transport, protocol: StreamProtocol) => void;

/**
 * The protocol under a pair of streams: feeds the reader, and lets the writer wait while the
 * transport has too much to send.
 */
export class StreamProtocol extends Protocol {
  readonly loop: AbstractEventLoop;
  readonly reader: StreamReader;
  /** Whether it came to a server. */
  readonly _accepted: boolean;
  #connected: StreamConnected | null;
  #paused = false;
  #lost = false;
  #error: unknown = null;
  /** Who waits in drain(). */
  #drains: Array<Future<void>> | null = null;
  /** Who waits for the end. */
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

  /** @internal They wait in the reader. */
  get _keepsBytes(): boolean {
    return true;
  }

  /** @internal Where the reader wants more, or null. */
  _room(): Buffer | null {
    return this.reader._room();
  }

  /** @internal So many bytes are there. */
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
   * "Go on": a done future without a value. It never changes, so one serves every `drain()` that
   * has nothing to wait for.
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
