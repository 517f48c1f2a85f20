import { type Duration, toTimeout } from '../core/support/duration.ts';
import { isA, KeyboardInterrupt, RuntimeError } from '../core/errors/errors.ts';
import type { EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';
import { checkOptions } from '../core/support/options.ts';
import { showsText } from '../core/support/shows-text.ts';
import type { Coro } from '../core/support/types.ts';
import { PORT_UNIX } from '../native/layout.ts';
import { failedFuture } from '../core/future/done-future.ts';
import {
  abortable,
  abortedBefore,
  abortedFirst,
  abortWith,
  NO_OPTIONS,
  type SignalOptions,
} from '../tasks/abort.ts';
import type { TransportOwner } from './transport.ts';
import { discard, type Security } from '../io/native-stream.ts';
import type { Acceptor, Listener } from '../io/listener.ts';
import type { ProtocolFactory } from './protocol.ts';
import type { TransportSocket } from '../io/transport-socket.ts';
import type { ServerTls } from '../tls/server-tls.ts';
import { Transport } from './transport.ts';

/** Options of `Server.shutdown`. */
export interface ShutdownOptions {
  /** How long connections may take to finish by themselves; default 10 s, null for no limit. */
  timeout?: Duration | null;
  /**
   * How long unsent data may take to be sent after that, before connections are aborted; default 1
   * s.
   */
  grace?: Duration;
  /** Aborting it ends the wait with an AbortError. */
  signal?: AbortSignal;
}

const SHUTDOWN_TIMEOUT_SECONDS = 10;
const SHUTDOWN_GRACE_SECONDS = 1;

/**
 * Listening sockets and their accepted connections. Created by `createServer` and `startServer`.
 *
 * @example
 * const server = yield* createServer(() => new Echo(), '127.0.0.1', 0);
 * const [host, port] = server.sockets[0].getsockname();
 * yield* server.shutdown({ timeout: '2s' });
 */
export class Server implements Acceptor, TransportOwner {
  readonly #loop: EventLoop;
  readonly #factory: ProtocolFactory;
  readonly #tls: ServerTls | null;
  readonly #clients = new Set<Transport>();
  #listeners: Listener[];
  #serving = false;
  #closed = false;
  #forever: Future<void> | null = null;
  #waiters: Array<Future<void>> = [];

  /** @internal */
  constructor(
    loop: EventLoop,
    listeners: Listener[],
    factory: ProtocolFactory,
    tls: ServerTls | null,
  ) {
    this.#loop = loop;
    this.#listeners = listeners;
    this.#factory = factory;
    this.#tls = tls;
  }

  /** The listening sockets; empty once the server is closed. */
  get sockets(): readonly TransportSocket[] {
    return this.#listeners.map((listener) => listener.socket);
  }

  /** The loop that the server runs in. */
  getLoop(): EventLoop {
    return this.#loop;
  }

  /** Whether it is accepting connections. */
  isServing(): boolean {
    return this.#serving;
  }

  /**
   * Starts to accept, for a server made with `startServing: false`. May be repeated.
   * @throws RuntimeError when the server is closed
   */
  startServing(): Future<void> {
    this._start();
    return this.#done();
  }

  _start(): void {
    if (this.#closed) throw new RuntimeError('the server is closed');
    if (this.#serving) return;
    this.#serving = true;
    for (const listener of this.#listeners) listener.start(this);
  }

  /**
   * Accepts until cancelled or closed. A cancel closes the server and its connections, each once
   * everything written to it is sent, and waits for them; a second cancel ends that wait. Closing
   * the server ends this call with CancelledError. An abort of `signal`, even before the call, has
   * the effect of a cancel, but the call fails with an AbortError.
   * @throws RuntimeError when it has already been called, or the server is closed
   */
  serveForever(options: SignalOptions = NO_OPTIONS): Future<never> {
    const aborted = abortedFirst('Server.serveForever()', options);
    if (aborted !== null) {
      this.close();
      this.closeClients();
      return failedFuture({ loop: this.#loop }, aborted);
    }
    if (this.#forever !== null) {
      throw new RuntimeError('serveForever() is already being waited for');
    }
    this._start();
    this.#forever = this.#loop.createFuture<void>();
    // Started eagerly: a cancel before the first step would not close the server.
    const serving = this.#loop._startTask(this.#serveUntilCancelled(this.#forever));
    return options.signal ? abortable(this.#loop, serving, options.signal) : serving;
  }

  *#serveUntilCancelled(forever: Future<void>): Coro<never> {
    try {
      yield* forever;
      throw new RuntimeError('serveForever() ended without being cancelled');
    } finally {
      this.#forever = null;
      if (!this.#closed) {
        this.close();
        // Otherwise idle clients would delay it for ever (a CPython bug, #123720).
        this.closeClients();
        yield* this.waitClosed();
      }
    }
  }

  /** Stops listening at once. Connections stay open; see `closeClients` and `abortClients`. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#serving = false;
    for (const listener of this.#listeners) listener.close();
    this.#listeners = [];
    this.#tls?.close();
    this.#forever?.cancel();
    this.#forever = null;
    this.#checkEnd();
  }

  /** Closes every connection once everything written to it is sent. */
  closeClients(): void {
    for (const client of [...this.#clients]) client.close();
  }

  /** Closes every connection at once; unsent data is dropped. */
  abortClients(): void {
    for (const client of [...this.#clients]) client.abort();
  }

  /**
   * Waits until the server is closed and its last connection is gone. Cancel-safe, also with
   * `signal`.
   */
  waitClosed(options: SignalOptions = NO_OPTIONS): Future<void> {
    const aborted = abortedFirst('Server.waitClosed()', options);
    if (aborted !== null) return failedFuture({ loop: this.#loop }, aborted);
    if (this.#closed && this.#clients.size === 0) return this.#done();
    const waiter = this.#loop.createFuture<void>();
    this.#waiters.push(waiter);
    return abortWith(waiter, options.signal);
  }

  /**
   * Ends the server without hanging on idle clients: stops listening, gives connections `timeout`
   * (default 10 s) to finish, closes the remaining ones, and aborts those whose data is not sent
   * after another `grace` (default 1 s).
   *
   * A cancel, or an abort of `signal`, leaves the server closed and its connections as they are.
   */
  shutdown(options: ShutdownOptions = {}): Future<void> {
    checkOptions('Server.shutdown()', options, ['timeout', 'grace', 'signal']);
    const { timeout = SHUTDOWN_TIMEOUT_SECONDS, grace = SHUTDOWN_GRACE_SECONDS, signal } = options;
    const aborted = abortedBefore(signal);
    const first = toTimeout(timeout);
    const second = toTimeout(grace, 'grace');
    this.close();
    if (aborted !== null) return failedFuture({ loop: this.#loop }, aborted);
    const ending = this.#loop.createTask(this.#finish(first, second ?? 0));
    return signal ? abortable(this.#loop, ending, signal) : ending;
  }

  *#finish(timeout: number | null, grace: number): Coro<void> {
    const closed = this.waitClosed();
    const timers =
      timeout === null
        ? []
        : [
            this.#loop.callLater(timeout, () => this.closeClients()),
            this.#loop.callLater(Math.max(timeout, 0) + grace, () => this.abortClients()),
          ];
    try {
      yield* closed;
    } finally {
      for (const timer of timers) timer.cancel();
    }
  }

  /** `await using`: calls {@link shutdown}, which idle clients cannot block for ever. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  toString(): string {
    const state = this.#closed ? 'closed' : this.#serving ? 'serving' : 'not serving';
    const sockets = this.#listeners.map(placeText);
    return `<Server ${[state, ...sockets].join(' ')} clients=${this.#clients.size}>`;
  }

  _accepted(handle: number, generation: number): void {
    if (this.#closed) {
      discard(this.#loop, handle, generation);
      return;
    }
    if (this.#tls === null) {
      this.#take(handle, generation, null);
      return;
    }
    this.#tls.accept(this.#loop, handle, generation, (secured) =>
      this.#take(handle, generation, secured),
    );
  }

  #take(handle: number, generation: number, security: Security | null): void {
    let transport: Transport;
    try {
      transport = new Transport(this.#loop, handle, generation, this.#factory(), this);
      transport._security = security;
    } catch (exception) {
      discard(this.#loop, handle, generation);
      if (isA(exception, KeyboardInterrupt)) throw exception;
      const message = 'Error on transport creation for incoming connection';
      this.#loop.callExceptionHandler({ message, exception, server: this });
      return;
    }
    this.#clients.add(transport);
    transport._open();
  }

  _detach(transport: Transport): void {
    this.#clients.delete(transport);
    this.#checkEnd();
  }

  #checkEnd(): void {
    if (!this.#closed || this.#clients.size !== 0) return;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) {
      if (!waiter.done()) waiter.setResult(undefined);
    }
  }

  #done(): Future<void> {
    const done = this.#loop.createFuture<void>();
    done.setResult(undefined);
    return done;
  }
}

function placeText({ address, port }: Listener): string {
  if (port === PORT_UNIX) return `unix:${address.replaceAll('\0', '@')}`;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

showsText(Server);
