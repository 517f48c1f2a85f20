import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { Future } from '../core/future/future.ts';
import type { Data } from '../io/data.ts';
import { showsText } from '../core/support/shows-text.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Coro } from '../core/support/types.ts';
import type { Tls } from '../tls/context.ts';
import { startTlsIn, type StartTlsOptions } from './start-tls.ts';
import { failedFuture } from '../core/future/done-future.ts';
import { abortedFirst, abortWith, NO_OPTIONS, type SignalOptions } from '../tasks/abort.ts';
import type { SentFile } from '../io/file-source.ts';
import type { Sending } from './sock-calls.ts';
import { sendfileIn, type SendfileOptions } from './sendfile.ts';
import type { StreamProtocol } from './stream-protocol.ts';
import type { StreamReader } from './stream-reader.ts';
import { stateOf, type Transport } from './transport.ts';

/**
 * The sending side of a stream. `write` never waits; `drain` waits while too much is unsent. Code
 * that calls both uses bounded memory, however slow the peer is.
 *
 * @example
 * writer.write('hello\n');
 * yield* writer.drain();
 * writer.close();
 * yield* writer.waitClosed();
 */
export class StreamWriter {
  readonly transport: Transport;
  readonly loop: AbstractEventLoop;
  readonly #protocol: StreamProtocol;
  readonly #reader: StreamReader | null;

  /** @internal */
  constructor(transport: Transport, protocol: StreamProtocol, reader: StreamReader | null) {
    this.transport = transport;
    this.loop = protocol.loop;
    this.#protocol = protocol;
    this.#reader = reader;
  }

  /** Sends text (as UTF-8) or bytes; see {@link Transport.write}. */
  write(data: Data): void {
    this.transport.write(data);
  }

  /** Sends several pieces in order. */
  writelines(pieces: Iterable<Data>): void {
    this.transport.writelines(pieces);
  }

  /**
   * Sends a file after everything written so far; see `loop.sendfile`.
   * @example yield* writer.sendfile(file, 0, 1024);
   */
  sendfile(
    file: SentFile,
    offset = 0,
    count: number | null = null,
    options: SendfileOptions = {},
  ): Sending<number> {
    const where = 'StreamWriter.sendfile()';
    const { transport } = this;
    return sendfileIn(transport._loop, where, transport, file, offset, count, options);
  }

  /** Closes our direction once everything written is sent. */
  writeEof(): void {
    this.transport.writeEof();
  }

  /** Whether the sending side can be closed alone; always true for TCP. */
  canWriteEof(): boolean {
    return this.transport.canWriteEof();
  }

  /**
   * If more than the high watermark is unsent, waits until it has fallen to the low one; otherwise
   * it is done at once and costs no turn. Any number of tasks may wait. Cancel-safe, also with
   * `signal`: what was written is still sent.
   * @throws the error that broke the connection; one with code `ECONNRESET` once it is lost;
   * AbortError when `signal` aborts
   */
  drain(options: SignalOptions = NO_OPTIONS): Future<void> {
    if (options !== NO_OPTIONS) return this.#until('drain', options, () => this.drain());
    const broken = this.#reader?.exception() ?? null;
    if (broken !== null) return failedFuture(this, broken);
    return this.transport.isClosing() ? this.#drainClosing() : this.#protocol.drained();
  }

  /** Waits one turn, so that a loop of write and drain notices connectionLost. */
  #drainClosing(): Future<void> {
    const waiter = new Future<void>(this);
    this.loop.callSoon(() => {
      if (waiter.done()) return;
      const drained = this.#protocol.drained();
      drained.addDoneCallback(() => {
        if (waiter.done()) return;
        const error = drained.cancelled() ? null : drained.exception();
        if (error === null) waiter.setResult(undefined);
        else waiter.setException(error);
      });
    });
    return waiter;
  }

  /**
   * Upgrades the connection to TLS, as {@link EventLoop.startTls} does; unread bytes in the reader
   * go to the handshake. By default this is the server side if the connection was accepted by a
   * server. When it fails or is cancelled, the connection is closed.
   * @example
   * writer.write('STARTTLS\r\n');
   * yield* reader.readline();
   * yield* writer.startTls(true, { servername: 'mail.example' });
   */
  startTls(tls: Tls, options: StartTlsOptions = {}): Future<void> {
    const { loop, transport } = this;
    const starting = startTlsIn(loop as EventLoop, transport, this.#protocol, tls, options, {
      where: 'StreamWriter.startTls()',
      serverSide: this.#protocol._accepted,
      buffered: () => this.#reader?._takeUnread() ?? null,
    });
    return (loop as EventLoop)._startTask(
      (function* (): Coro<void> {
        yield* starting;
      })(),
    );
  }

  /** Closes both directions once everything written is sent. */
  close(): void {
    this.transport.close();
  }

  /** Whether it is closed, or about to be. */
  isClosing(): boolean {
    return this.transport.isClosing();
  }

  /**
   * Waits until the connection is closed; call `close()` before. Cancel-safe: it is closed anyway.
   * @throws the error that broke the connection; AbortError when `signal` aborts
   */
  waitClosed(options: SignalOptions = NO_OPTIONS): Future<void> {
    if (options !== NO_OPTIONS) return this.#until('waitClosed', options, () => this.waitClosed());
    return this.#protocol.ended();
  }

  /** Combines a wait with a signal. */
  #until(name: string, options: SignalOptions, wait: () => Future<void>): Future<void> {
    const aborted = abortedFirst(`StreamWriter.${name}()`, options);
    return aborted === null ? abortWith(wait(), options.signal) : failedFuture(this, aborted);
  }

  /** As {@link Transport.getExtraInfo}: `'peername'`, `'sockname'`, `'socket'`. */
  getExtraInfo(name: string, fallback: unknown = null): unknown {
    return this.transport.getExtraInfo(name, fallback);
  }

  toString(): string {
    return `<StreamWriter ${stateOf(this.transport)}>`;
  }

  /** `await using`: closes it and waits; an error of the connection is not thrown. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.waitClosed().then(undefined, () => undefined);
  }
}

showsText(StreamWriter);
