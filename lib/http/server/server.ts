import { channel } from 'node:diagnostics_channel';

import { showsText } from '../../core/support/shows-text.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Duration } from '../../core/support/duration.ts';
import { toTimeout } from '../../core/support/duration.ts';
import { checkOptions } from '../../core/support/options.ts';
import type { Coro } from '../../core/support/types.ts';
import type { Future } from '../../core/future/future.ts';
import { captureValues, type Values } from '../../core/context/running.ts';
import type { Acceptor, Listener } from '../../io/listener.ts';
import type { TransportSocket } from '../../io/transport-socket.ts';
import {
  ADDRESS_PEER,
  PORT_UNIX,
  SOCKET_HTTP_SERVER,
  SOCKET_REUSE_ADDRESS,
  SOCKET_REUSE_PORT,
} from '../../native/layout.ts';
import type { Security } from '../../io/native-stream.ts';
import { buildUrl } from '../router/build-url.ts';
import type { UrlParams, UrlQuery } from '../router/build-url.ts';
import { NO_OPTIONS, SIGNAL, type SignalOptions } from '../../tasks/abort.ts';
import { ServerTls } from '../../tls/server-tls.ts';
import type { Data } from '../../io/data.ts';
import { leaveChunks } from '../message/head-chunk.ts';
import { SharedMessage } from '../websocket/shared-message.ts';
import { Topics } from '../websocket/topics.ts';
import { ResponseHeads } from './response-head.ts';
import { ContextValues } from './context-key.ts';
import type { ContextKey } from './context-key.ts';
import type { Endpoint as Answerer } from './middleware-chain.ts';
import { makeApplication, namesOf } from './routes.ts';
import type { Application } from './routes.ts';
import { Lifecycle } from './lifecycle.ts';
import { RateWatch } from './rate-watch.ts';
import { ANSWERING, checkAnswering } from './serve-options.ts';
import type { CheckedOptions, HandlerResult, ReloadOptions } from './serve-options.ts';
import { cleanerOf, type Opener, type Places } from './places.ts';
import { authorityOf } from '../workers/authority.ts';
import type { Handing } from '../workers/handing.ts';
import type { RunningServer } from '../workers/running-server.ts';
import { ServerEnd } from '../workers/server-end.ts';
import { limitTime } from './time-limit.ts';
import type { Request } from './request.ts';
import type { TrustedProxies } from './forwarded.ts';
import { ProxyGreetings } from './proxy-greetings.ts';
import type { ProxySource } from './proxy-header.ts';
import { ServerConnection } from './server-connection.ts';
import { allowWebClasses, meetWebClasses } from './web-classes.ts';
import { BackgroundWork } from './background-work.ts';

/**
 * Seconds that a peer may be silent after our side was closed, and seconds after which it is closed
 * in any case. What it sends meanwhile is skipped.
 */
const LINGER = 5;
const LINGER_MOST = 30;
/** How many connections may be in that state; beyond that the oldest is aborted. */
const LINGERING_MAX = 256;

/**
 * Seconds for which idle connections may send one more request after another server has taken over.
 */
const LEAVE = 2;

/** Seconds between checks of all connections for inactivity. */
const SWEEP = 1;

/**
 * Seconds that cancelled handlers have to clean up. After that, one that cannot be cancelled (an
 * `async` function that awaits a foreign Promise) or refuses is no longer waited for.
 */
const GRACE = 1;

/** Seconds over which `minRate` is measured. */
const RATE_SECONDS = 10;

/** Diagnostics channels for when a server listens, and when it has ended: `{ server }`. */
const STARTED = channel('oxbow:server:start');
const STOPPED = channel('oxbow:server:stop');

/** Counters of a server since its start. */
export interface ServerCounters {
  /** How many connections were accepted. */
  readonly accepted: number;
  /** How many connections are open. */
  readonly connections: number;
  /** How many requests were received. */
  readonly requests: number;
  /** How many requests are not finished yet. */
  readonly pending: number;
  /**
   * How many handlers failed with an error that neither was an HttpError nor was handled by
   * `error`.
   */
  readonly failures: number;
}

/** A connection of a server, of any protocol. */
export interface ServedConnection {
  /** How many requests are not finished yet. */
  readonly _pending: number;
  /** Called at each tick of the server: closes the connection after too long an inactivity. */
  _sweep(tick: number): void;
  /** Closes as soon as possible without losing anything. */
  _stop(): void;
  /** Drops the connection. */
  _abort(): void;
  /** Cancels the user code that runs for it. */
  _cancel(reason: string): void;
}

/**
 * A running HTTP server, made by `serve`.
 *
 * A single timer serves all connections: it counts ticks, and each connection records the tick of
 * its last activity, so no timer is set or cancelled per request. Timeouts are therefore exact to a
 * tick, which is a second, or a quarter of the shortest timeout if that is less.
 */
export class HttpServer implements Acceptor, RunningServer, Handing {
  readonly _loop: EventLoop;
  /** The context variables with which handlers start: those at the time of `serve`. */
  readonly _values: Values = captureValues();
  /** Handles every request. */
  _handler: Answerer;
  readonly _state: ContextValues = new ContextValues(null);
  _onError: ((error: unknown, request: Request) => HandlerResult) | null;
  readonly _maxBodySize: number;
  /** The proxies whose fields are trusted; null for none. */
  readonly _trusted: TrustedProxies | null;
  readonly _cancelOnDisconnect: boolean;
  readonly _heads: ResponseHeads;
  readonly _headerTicks: number;
  readonly _keepAliveTicks: number;
  readonly _bodyTicks: number;
  readonly _sendTicks: number;
  /** How many ticks apart the peer of a long response is checked. */
  readonly _streamTicks: number;
  readonly _lingerTicks: number;
  readonly _lingerTicksMost: number;
  _tick = 0;
  /** Whether the server is ending: no connection is accepted, and none is kept alive. */
  _stopping = false;
  /** Whether another server has taken over: each response is the last one of its connection. */
  _leaving = false;
  /** Shared memory for the number of connections; null if not needed. */
  _gauge: Int32Array | null = null;
  /** How many requests have finished, and how many handlers failed. */
  _finished = 0;
  _failures = 0;
  #options: CheckedOptions;
  #application: Application;
  readonly #tls: ServerTls | null;
  /** Reads the PROXY headers of new connections; null if there are none. */
  readonly #greetings: ProxyGreetings | null;
  /** The clients that PROXY headers have named. */
  readonly _sources: WeakMap<ServerConnection, ProxySource> = new WeakMap();
  #listeners: readonly Listener[] = [];
  #clean: () => void = () => {};
  #connections = new Set<ServedConnection>();
  #topics: Topics | null = null;
  #lingering = new Set<ServerConnection>();
  #accepted = 0;
  readonly #over: ServerEnd;
  readonly #lifecycle: Lifecycle;
  readonly #work: BackgroundWork;
  #ending = false;
  #sweepEvery: number;
  #sweeping = false;

  /** @internal */
  constructor(loop: EventLoop, options: CheckedOptions) {
    const { headersTimeout, keepAliveTimeout, bodyTimeout, sendTimeout } = options;
    this._loop = loop;
    this.#options = options;
    if (options.overrideGlobalObjects) allowWebClasses();
    this.#tls = options.tls === null ? null : new ServerTls(options.tls, undefined);
    this.#application = makeApplication(options);
    this._handler = this.#limited(this.#application.handler);
    this._onError = options.error;
    this._maxBodySize = options.maxBodySize;
    this._trusted = options.trustedProxies;
    this.#greetings =
      options.trustedProxies?.proxyProtocol === true
        ? new ProxyGreetings(loop, headersTimeout)
        : null;
    this._cancelOnDisconnect = options.cancelOnDisconnect;
    this.#lifecycle = new Lifecycle(this, options.onStart, options.onStop);
    this._heads = new ResponseHeads(loop);
    this.#over = new ServerEnd(loop, this);
    this.#work = new BackgroundWork(loop, () => this.#checkClosed());
    const every = Math.min(
      SWEEP,
      headersTimeout / 4,
      keepAliveTimeout / 4,
      bodyTimeout / 4,
      sendTimeout / 4,
    );
    this.#sweepEvery = every;
    this._headerTicks = Math.ceil(headersTimeout / every);
    this._keepAliveTicks = Math.ceil(keepAliveTimeout / every);
    this._bodyTicks = Math.ceil(bodyTimeout / every);
    this._sendTicks = Math.ceil(sendTimeout / every);
    this._streamTicks = Math.max(1, this._sendTicks >> 3);
    this._lingerTicks = Math.ceil(LINGER / every);
    this._lingerTicksMost = Math.ceil(LINGER_MOST / every);
  }

  /** The port it listens on, or the first of several; 0 if it listens only on Unix sockets. */
  get port(): number {
    return this.#ofTcp()?.port ?? this.#options.places.port;
  }

  /**
   * The host name it listens on, as given to `serve`, or the first of several; without one, the
   * address of the given socket, or 'localhost'.
   */
  get hostname(): string {
    return this.#options.places.hostnames[0] ?? this.#ofTcp()?.address ?? 'localhost';
  }

  /** Views of the sockets it listens on; they cannot be used for reading or writing. */
  get sockets(): readonly TransportSocket[] {
    return this.#listeners.map(({ socket }) => socket);
  }

  /** Its URL: `http://127.0.0.1:8080/`. */
  get url(): string {
    return `${this._scheme}://${this._authority}/`;
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#connections.size;
  }

  /** The declared routes: `GET /users/:id`; `*` stands for all methods. */
  get routes(): string[] {
    return namesOf(this.#application.router);
  }

  /**
   * The absolute URL of a route with these values for its parameters; `url` of `oxbow/http` makes
   * only the path.
   * @param path - the path of the route, as it was declared
   * @throws TypeError when there is no such route, or a value is missing, invalid or of an unknown
   * parameter
   */
  urlFor<Path extends string>(path: Path, params?: UrlParams<Path>, query?: UrlQuery): string {
    const pattern = this.#application.router.pattern(path);
    return `${this._scheme}://${this._authority}${buildUrl(pattern, params ?? {}, query)}`;
  }

  /**
   * The value that was set for the server, or the key's default. @throws ReferenceError when there
   * is neither
   */
  get<T>(key: ContextKey<T>): T {
    return this._state.get(key);
  }

  /** Whether a value was set for the server. */
  has<T>(key: ContextKey<T>): boolean {
    return this._state.has(key);
  }

  /** Sets a value for all handlers: `request.get(key)` returns it, too. */
  set<T>(key: ContextKey<T>, value: T): void {
    this._state.set(key, value);
  }

  /** How many requests are not finished yet. */
  get pending(): number {
    let pending = 0;
    for (const connection of this.#connections) pending += connection._pending;
    return pending;
  }

  /** Counters since the start of the server. */
  get counters(): ServerCounters {
    return {
      accepted: this.#accepted,
      connections: this.connections,
      requests: this._finished + this.pending,
      pending: this.pending,
      failures: this._failures,
    };
  }

  /**
   * Replaces handlers from the next request on. Requests in progress keep their handler, and no
   * connection is closed. What is left out is unchanged; null removes `fetch` or `error`. If an
   * option is invalid, nothing changes.
   * @throws TypeError as `serve`
   */
  reload<Paths extends string>(options: ReloadOptions<Paths>): void {
    checkOptions('reload()', options, ANSWERING);
    const given = Object.fromEntries(
      Object.entries(options).filter(([, value]) => value !== undefined),
    );
    const checked = checkAnswering('reload()', { ...this.#options, ...given });
    const application = makeApplication(checked);
    this.#options = { ...this.#options, ...checked };
    this.#application = application;
    this._handler = this.#limited(application.handler);
    this._onError = checked.error;
  }

  #limited(handler: Answerer): Answerer {
    const { timeout } = this.#options;
    return timeout === null ? handler : limitTime(handler, timeout);
  }

  /**
   * Registers work that continues after a response. The server does not end before it is done:
   * `shutdown` waits for it as for requests, `close` cancels it. Its errors go to the loop's
   * exception handler.
   * @throws TypeError when `work` is not awaitable
   * @example server.waitUntil(writeLater(order))
   */
  waitUntil(work: PromiseLike<unknown> | Coro<unknown>): void {
    this.#work.add(work);
  }

  get _authority(): string {
    return authorityOf(this._scheme, this.hostname, this.port);
  }

  get _scheme(): 'http' | 'https' {
    return this.#tls === null ? 'http' : 'https';
  }

  /**
   * Ends the server gracefully:
   * 1. It stops listening.
   * 2. Requests that have already arrived are started.
   * 3. Idle connections are closed; the others close after their response, which has
   *    `Connection: close`.
   * 4. It waits for the handlers, and until clients have read the responses.
   * 5. What is not done after the timeout is cancelled, has a second to clean up, and is dropped.
   * 6. `onStop` hooks are called, then what `onStart` hooks returned, each in reverse order.
   * 7. `waitClosed` and `serveForever` return.
   *
   * Cancelling the wait, or aborting `signal`, does not stop the shutdown.
   *
   * @param options - `timeout`: seconds or a string such as '10s'; 60 by default, null waits for
   * ever
   * @returns done when the server has ended
   * @throws AbortError when `signal` aborts; the error of an `onStop` hook or a teardown, or an
   * ExceptionGroup of several
   */
  shutdown(options: SignalOptions & { timeout?: Duration | null } = {}): Future<void> {
    checkOptions('shutdown()', options, ['timeout', ...SIGNAL]);
    const limit = options.timeout === undefined ? 60 : toTimeout(options.timeout);
    return this.#over.after(() => this.#shutDown(limit), options.signal);
  }

  #shutDown(limit: number | null): void {
    this.#stopListening();
    // Between two turns the loop polls, so data that has already arrived is read before the second
    // callback.
    this._loop.callSoon(() => {
      this._loop.callSoon(() => {
        for (const connection of [...this.#connections]) connection._stop();
      });
    });
    if (limit === null || (this.#connections.size === 0 && this.#work.size === 0)) return;
    const timer = this._loop.callLater(limit, () => this.#dropAll());
    this.#over.onEnd(() => timer.cancel());
  }

  /**
   * @internal Ends as `shutdown` does, while another server keeps accepting from the same sockets.
   * No client must notice: requests are answered, and idle connections are not cut off while a
   * request may be on its way; their next response says that it is the last.
   */
  _leave(timeout: number | null): Future<void> {
    if (this._stopping || this._leaving) return this.waitClosed();
    this._leaving = true;
    // The files of Unix sockets now belong to the other server.
    this.#clean = () => {};
    for (const listener of this.#listeners) listener.leave();
    this._loop.callLater(LEAVE, () => void this.shutdown({ timeout })).unref();
    return this.waitClosed();
  }

  /**
   * Ends at once: stops listening, drops all connections and cancels their handlers. `onStop` hooks
   * still run; `waitClosed` waits for them.
   */
  close(): void {
    this.#stopListening();
    this.#dropAll();
  }

  /**
   * Waits until the server has ended. Cancel-safe: cancelling the wait changes nothing.
   * @throws AbortError when `signal` aborts; the errors of hooks, as `shutdown`
   */
  waitClosed(options: SignalOptions = NO_OPTIONS): Future<void> {
    return this.#over.wait(options);
  }

  /**
   * Waits until the server has ended. Cancelling the wait closes the server at once, and so does
   * aborting `signal`, even before the call. Meanwhile a SIGTERM shuts the server down as
   * `shutdown()` does, and a second one closes it, unless the program handles that signal itself.
   * @throws AbortError when `signal` aborts; the errors of hooks, as `shutdown`
   */
  serveForever(options: SignalOptions = NO_OPTIONS): Future<void> {
    return this.#over.serve(options);
  }

  /**
   * Sends a message to all WebSockets subscribed to a topic. Its frame is made only once, and all
   * that is published in a turn is sent together.
   * @param data - a string for a text message, bytes for a binary one
   * @returns to how many it was sent; a WebSocket that is closing, or has too much unsent, does not
   * count
   * @throws TypeError when `topic` is not a string, or `data` is neither a string nor bytes
   */
  publish(topic: string, data: Data): number {
    if (typeof topic !== 'string') throw new TypeError('publish(): topic must be a string');
    return this._topics.publish(topic, new SharedMessage(this._loop._rings, data), null);
  }

  /** How many WebSockets are subscribed to a topic. */
  subscribers(topic: string): number {
    return this._topics.count(topic);
  }

  /** @internal */
  get _topics(): Topics {
    return (this.#topics ??= new Topics());
  }

  toString(): string {
    const state = this.#over.isOver ? 'closed' : this._stopping ? 'stopping' : this.url;
    return `HttpServer { ${state}, ${this.connections} connections }`;
  }

  /** `await using server = await serve(…)` shuts down at the end of the block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown();
  }

  #ofTcp(): Listener | undefined {
    return this.#listeners.find(({ port }) => port < PORT_UNIX);
  }

  /** @internal */
  _isOpen(): boolean {
    return !this._loop.isClosed();
  }

  /** @internal The descriptors of the sockets it listens on. */
  _descriptors(): readonly number[] {
    return this.#listeners.map(({ socket }) => socket.fileno());
  }

  /** @internal @param owned - places whose socket files are removed when it stops listening */
  _listen(open: Opener, owned: Places | null): void {
    const { backlog, reusePort, limits } = this.#options;
    let flags = SOCKET_HTTP_SERVER | SOCKET_REUSE_ADDRESS;
    if (reusePort) flags |= SOCKET_REUSE_PORT;
    const layers = this.#tls?.start(this._loop) ?? null;
    // A PROXY header precedes TLS, so then TLS is started after it, and not by the listener.
    const given = this.#greetings === null ? layers : null;
    this.#listeners = open({ flags, backlog, limits, layers: given });
    if (owned !== null) this.#clean = cleanerOf(owned);
    for (const listener of this.#listeners) listener.start(this);
    if (STARTED.hasSubscribers) STARTED.publish({ server: this });
  }

  /** @internal Runs the start hooks and listens. On an error, what was started is ended again. */
  *_start(opening: () => Coro<Opener>, owned: Places | null): Coro<void> {
    try {
      yield* this.#lifecycle.start();
      this._listen(yield* opening(), owned);
    } catch (error) {
      this.close();
      try {
        yield* this.waitClosed();
      } catch (exception) {
        const message = 'Exception while a server that did not start was ended';
        this._loop.callExceptionHandler({ message, exception });
      }
      throw error;
    }
  }

  /** @internal Measures the rate of a new connection; null without `minRate`. */
  _watchRate(): RateWatch | null {
    const { minRate } = this.#options;
    if (minRate === 0) return null;
    return new RateWatch(minRate * RATE_SECONDS, Math.ceil(RATE_SECONDS / this.#sweepEvery));
  }

  /** @internal Calls `callback` when the server has ended. */
  _whenOver(callback: () => void): void {
    this.#over.onEnd(callback);
  }

  /** @internal */
  _accepted(handle: number, generation: number): void {
    if (this.#greetings === null || this._stopping || !this.#isProxy(handle, generation)) {
      this.#enter(handle, generation, null);
      return;
    }
    this.#greetings.read(handle, generation, (source) => this.#enter(handle, generation, source));
  }

  #isProxy(handle: number, generation: number): boolean {
    const end = this._loop._engine.address(handle, generation, ADDRESS_PEER);
    return typeof end !== 'number' && this._trusted!.trusts(end[0]);
  }

  #enter(handle: number, generation: number, source: ProxySource | null): void {
    if (this.#tls === null || this._stopping) {
      this.#take(handle, generation, null, source);
      return;
    }
    const taken = (secured: Security): void => this.#take(handle, generation, secured, source);
    this.#tls.accept(this._loop, handle, generation, taken, this.#greetings === null);
  }

  #take(
    handle: number,
    generation: number,
    security: Security | null,
    source: ProxySource | null,
  ): void {
    meetWebClasses();
    const connection = new ServerConnection(this, handle, generation);
    connection._security = security;
    if (source !== null) this._sources.set(connection, source);
    this._loop._register(handle, generation, connection);
    if (this._stopping) {
      connection._abort();
      return;
    }
    this.#connections.add(connection);
    this.#accepted += 1;
    this.#count();
    if (!this.#sweeping) this.#sweepLater();
  }

  #sweepLater(): void {
    this.#sweeping = true;
    this._loop
      .callLater(this.#sweepEvery, () => {
        this._tick += 1;
        leaveChunks();
        this.#sweeping = false;
        for (const connection of this.#connections) connection._sweep(this._tick);
        if (this.#connections.size !== 0) this.#sweepLater();
      })
      .unref();
  }

  /** @internal Notes a connection of which only our side is closed. */
  _lingers(connection: ServerConnection): void {
    this.#lingering.add(connection);
    if (this.#lingering.size <= LINGERING_MAX) return;
    for (const oldest of this.#lingering) {
      this.#lingering.delete(oldest);
      oldest._abort();
      return;
    }
  }

  /** @internal Adds what a connection was upgraded to. */
  _adopt(connection: ServedConnection): void {
    this.#connections.add(connection);
    this.#count();
  }

  /** @internal Removes a connection that is closed and has no running handler. */
  _forget(connection: ServedConnection): void {
    this.#connections.delete(connection);
    this.#lingering.delete(connection as ServerConnection);
    this.#count();
    this.#checkClosed();
  }

  #count(): void {
    if (this._gauge !== null) Atomics.store(this._gauge, 0, this.#connections.size);
  }

  #stopListening(): void {
    if (this._stopping) return;
    this._stopping = true;
    this.#clean();
    for (const listener of this.#listeners) listener.close();
    this.#tls?.close();
    this.#greetings?.close();
    this.#checkClosed();
  }

  #checkClosed(): void {
    if (!this._stopping || this.#connections.size !== 0 || this.#work.size !== 0) return;
    if (this.#ending) return;
    this.#ending = true;
    if (this.#lifecycle.isOver) {
      this.#end(null);
      return;
    }
    const ending = this._loop._startTask(this.#lifecycle.stop());
    ending.addDoneCallback(() => this.#end(ending.cancelled() ? null : ending.exception()));
  }

  #end(error: unknown): void {
    this.#over.tell(error);
    if (STOPPED.hasSubscribers) STOPPED.publish({ server: this });
  }

  #dropAll(): void {
    for (const connection of [...this.#connections]) {
      connection._abort();
      connection._cancel('the server is closed');
    }
    this.#work.cancel('the server is closed');
    if (this.#connections.size === 0 && this.#work.size === 0) return;
    const timer = this._loop.callLater(GRACE, () => {
      this.#work.leave();
      for (const connection of [...this.#connections]) this._forget(connection);
    });
    this.#over.onEnd(() => timer.cancel());
  }
}

showsText(HttpServer);
