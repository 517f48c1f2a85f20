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

/** How `Server.shutdown` goes about it. */
export interface ShutdownOptions {
  /** How long connections may take to finish by themselves; null: as long as they want. */
  timeout?: Duration | null;
  /** How long unsent data may take to leave after that, before connections are aborted. */
  grace?: Duration;
  /** Aborting it ends the wait with an AbortError. */
  signal?: AbortSignal;
}

const SHUTDOWN_TIMEOUT_SECONDS = 10;
const SHUTDOWN_GRACE_SECONDS = 1;

/**
 * Listening sockets and the connections that came through them. Made by `createServer` and
 * `startServer`.
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

  /** The loop that the server lives in. */
  getLoop(): EventLoop {
    return this.#loop;
  }

  /** Whether connections are accepted. */
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
   * Accepts until cancelled or closed. Cancelling it closes the server and its connections, each
   * once everything written to it is sent, and waits for them; cancelling that wait as well leaves
   * them to themselves. Closing the server ends it with CancelledError. An abort of `signal` does
   * what a cancel does, also one from before the call, and it fails with an AbortError.
   * @throws RuntimeError when it is already being waited for, or the server is closed
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
    // At once: a cancel before its first step would find nothing to close.
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
        // Clients that say nothing would hold it up for ever (CPython has had this, #123720).
        this.closeClients();
        yield* this.waitClosed();
      }
    }
  }

  /** Stops listening at once. Connections stay; `closeClients` and `abortClients` end them. */
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

  /** Closes every connection at once; what is not sent is dropped. */
  abortClients(): void {
    for (const client of [...this.#clients]) client.abort();
  }

  /**
   * Waits until the server is closed and its last connection is gone. Cancelling is safe, and so is
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
   * (default 10 s) to finish, closes those that are left, and aborts those whose data has not left
   * after another `grace` (default 1 s).
   *
   * Cancelling it leaves the server closed and its connections as they are, and so does `signal`.
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

  /** `await using`: as {@link shutdown}, which an idle client cannot hold up for ever. */
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
