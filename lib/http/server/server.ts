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
 * Seconds that a peer may be silent after our side was closed, and that all of that may take. What
 * it sends meanwhile is dropped: it learns from our answer to stop.
 */
const LINGER = 5;
const LINGER_MOST = 30;
/** Connections that may be in that state; more push out the oldest. */
const LINGERING_MAX = 256;

/** Seconds that idle connections have for one more request after others have taken our place. */
const LEAVE = 2;

/** Seconds between two looks at all connections for those that have been silent too long. */
const SWEEP = 1;

/**
 * Seconds that cancelled handlers have to clean up. One that cannot be cancelled (an `async`
 * function that waits for a foreign Promise) or refuses to be is not waited for any longer.
 */
const GRACE = 1;

/** Seconds over which `minRate` is measured. */
const RATE_SECONDS = 10;

/** Told when a server listens, and when it is over: `{ server }`. */
const STARTED = channel('oxbow:server:start');
const STOPPED = channel('oxbow:server:stop');

/** What a server has done since it began. */
export interface ServerCounters {
  /** Connections that were accepted. */
  readonly accepted: number;
  /** Those that are open now. */
  readonly connections: number;
  /** Requests that have come. */
  readonly requests: number;
  /** Those that are not answered yet. */
  readonly pending: number;
  /** Handlers that failed with an error that nothing answered. */
  readonly failures: number;
}

/** A connection of a server, whatever it speaks. */
export interface ServedConnection {
  /** Requests that are not answered yet. */
  readonly _pending: number;
  /** A tick of the server: closes where nothing has moved for too long. */
  _sweep(tick: number): void;
  /** Closes at the next chance. */
  _stop(): void;
  /** Drops the connection. */
  _abort(): void;
  /** Stops what runs for it. */
  _cancel(reason: string): void;
}

/**
 * A running HTTP server, made by `serve`.
 *
 * One timer looks after all connections: it counts ticks, a connection notes the tick of its last
 * sign of life, and nothing is armed or cancelled for a request. So timeouts are exact to a tick,
 * which is a second or a quarter of the shortest timeout.
 */
export class HttpServer implements Acceptor, RunningServer, Handing {
  readonly _loop: EventLoop;
  /** The context variables that handlers begin with: those of its creator. */
  readonly _values: Values = captureValues();
  /** Answers every request. */
  _handler: Answerer;
  readonly _state: ContextValues = new ContextValues(null);
  _onError: ((error: unknown, request: Request) => HandlerResult) | null;
  readonly _maxBodySize: number;
  /** Whose word counts on behalf of clients; null for nobody's. */
  readonly _trusted: TrustedProxies | null;
  readonly _cancelOnDisconnect: boolean;
  readonly _heads: ResponseHeads;
  readonly _headerTicks: number;
  readonly _keepAliveTicks: number;
  readonly _bodyTicks: number;
  readonly _sendTicks: number;
  /** Ticks between two looks at whether the peer of an answer that goes on takes it. */
  readonly _streamTicks: number;
  readonly _lingerTicks: number;
  readonly _lingerTicksMost: number;
  _tick = 0;
  /** No connection is accepted any more, and none is kept alive. */
  _stopping = false;
  /** Every answer is the last one of its connection. */
  _leaving = false;
  /** Null, or where it writes how many connections it has. */
  _gauge: Int32Array | null = null;
  /** Requests that are over, and those among them whose handler failed. */
  _finished = 0;
  _failures = 0;
  #options: CheckedOptions;
  #application: Application;
  readonly #tls: ServerTls | null;
  /** Where proxies say first for whom they come. */
  readonly #greetings: ProxyGreetings | null;
  /** What they have said. */
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

  /** The port it listens on, the first of them; 0 where there are Unix sockets alone. */
  get port(): number {
    return this.#ofTcp()?.port ?? this.#options.places.port;
  }

  /** The host that it was asked to listen on, the first of them. */
  get hostname(): string {
    return this.#options.places.hostnames[0] ?? this.#ofTcp()?.address ?? 'localhost';
  }

  /** A look at each socket that it listens on. */
  get sockets(): readonly TransportSocket[] {
    return this.#listeners.map(({ socket }) => socket);
  }

  /** Where it can be reached: `http://127.0.0.1:8080/`. */
  get url(): string {
    return `${this._scheme}://${this._authority}/`;
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#connections.size;
  }

  /** What is declared: `GET /users/:id`; `*` stands for all methods. */
  get routes(): string[] {
    return namesOf(this.#application.router);
  }

  /**
   * The absolute URL of a route with these values for its parameters; `url` of `oxbow/http` makes
   * the path alone.
   * @param path - as it was declared
   * @throws TypeError when no route is declared so, or a value is missing or of no parameter
   */
  urlFor<Path extends string>(path: Path, params?: UrlParams<Path>, query?: UrlQuery): string {
    const pattern = this.#application.router.pattern(path);
    return `${this._scheme}://${this._authority}${buildUrl(pattern, params ?? {}, query)}`;
  }

  /** What was set for the server. @throws ReferenceError when nothing was, and it has no default */
  get<T>(key: ContextKey<T>): T {
    return this._state.get(key);
  }

  has<T>(key: ContextKey<T>): boolean {
    return this._state.has(key);
  }

  /** Keeps a value for all handlers: `request.get(key)` gives it, too. */
  set<T>(key: ContextKey<T>, value: T): void {
    this._state.set(key, value);
  }

  /** Requests that have come and are not answered yet. */
  get pending(): number {
    let pending = 0;
    for (const connection of this.#connections) pending += connection._pending;
    return pending;
  }

  /** What has happened since it began. */
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
   * Answers otherwise from the next request on; those under way go on with what they began with,
   * and no connection is closed. What is left out stays as it is; null takes `fetch` or `error`
   * away. When something is wrong with it, nothing changes.
   * @throws TypeError as `serve` does
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
   * Work that goes on behind an answer. The server is not over before it is done; errors go to the
   * loop's exception handler. `shutdown` waits for it as for requests, `close` cancels it.
   * @throws TypeError for what is nothing to wait for
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
   * Ends gently:
   * 1. It stops listening.
   * 2. Requests that have come by now are begun.
   * 3. Idle connections are closed; the others will be after their answers, which say
   *    `Connection: close`.
   * 4. It waits for the handlers, and for their answers to be read.
   * 5. What is not done after the timeout is cancelled, has a second to clean up, and is dropped.
   * 6. `onStop` is called, and what `onStart` gave back, in reverse order.
   * 7. Those who wait for its end go on.
   *
   * Neither cancelling the wait nor an abort of `signal` takes the shutdown back.
   *
   * @param options - `timeout`: seconds or '10s'; 60 by default, null waits for ever
   * @returns done once that is over
   * @throws AbortError when `signal` aborts; the error of a hook of `onStop`, or an ExceptionGroup
   * of several
   */
  shutdown(options: SignalOptions & { timeout?: Duration | null } = {}): Future<void> {
    checkOptions('shutdown()', options, ['timeout', ...SIGNAL]);
    const limit = options.timeout === undefined ? 60 : toTimeout(options.timeout);
    return this.#over.after(() => this.#shutDown(limit), options.signal);
  }

  #shutDown(limit: number | null): void {
    this.#stopListening();
    // A poll lies between two turns, so what has come already is read before the second.
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
   * @internal Ends as `shutdown` does, where another server goes on accepting from the same
   * sockets. Nobody may notice: who has come is answered, and who is idle is not cut off while the
   * next request is on its way, but learns it from the answer.
   */
  _leave(timeout: number | null): Future<void> {
    if (this._stopping || this._leaving) return this.waitClosed();
    this._leaving = true;
    // The files of Unix sockets are the other one's by now.
    this.#clean = () => {};
    for (const listener of this.#listeners) listener.leave();
    this._loop.callLater(LEAVE, () => void this.shutdown({ timeout })).unref();
    return this.waitClosed();
  }

  /** Ends at once: stops listening, drops every connection and cancels what still runs. */
  close(): void {
    this.#stopListening();
    this.#dropAll();
  }

  /**
   * Done once the server is closed and its last connection is gone. Cancel-safe.
   * @throws AbortError when `signal` aborts
   */
  waitClosed(options: SignalOptions = NO_OPTIONS): Future<void> {
    return this.#over.wait(options);
  }

  /**
   * Waits until the server is closed. Cancelling it closes the server, and so does an abort of
   * `signal`, also of one that has aborted before. Meanwhile SIGTERM shuts it down as `shutdown()`
   * does, and the next one closes it, unless the program listens to that signal itself.
   * @throws AbortError when `signal` aborts
   */
  serveForever(options: SignalOptions = NO_OPTIONS): Future<void> {
    return this.#over.serve(options);
  }

  /**
   * Sends a message to all WebSockets that have subscribed to a topic. Its frame is made once, and
   * what one turn publishes leaves together.
   * @returns how many it was sent to; a WebSocket that is closing, or too far behind, is not
   * counted
   * @throws TypeError for what is neither text nor bytes
   */
  publish(topic: string, data: Data): number {
    if (typeof topic !== 'string') throw new TypeError('publish(): topic must be a string');
    return this._topics.publish(topic, new SharedMessage(this._loop._rings, data), null);
  }

  /** WebSockets that have subscribed to a topic. */
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

  /** @internal Of the sockets that it listens on. */
  _descriptors(): readonly number[] {
    return this.#listeners.map(({ socket }) => socket.fileno());
  }

  /** @internal @param owned - places whose files are removed when it listens no more */
  _listen(open: Opener, owned: Places | null): void {
    const { backlog, reusePort, limits } = this.#options;
    let flags = SOCKET_HTTP_SERVER | SOCKET_REUSE_ADDRESS;
    if (reusePort) flags |= SOCKET_REUSE_PORT;
    const layers = this.#tls?.start(this._loop) ?? null;
    // What a proxy says comes before TLS, so that is begun behind it.
    const given = this.#greetings === null ? layers : null;
    this.#listeners = open({ flags, backlog, limits, layers: given });
    if (owned !== null) this.#clean = cleanerOf(owned);
    for (const listener of this.#listeners) listener.start(this);
    if (STARTED.hasSubscribers) STARTED.publish({ server: this });
  }

  /** @internal Gets ready, and listens. When something fails, what has begun ends. */
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

  /** @internal For a new connection. */
  _watchRate(): RateWatch | null {
    const { minRate } = this.#options;
    if (minRate === 0) return null;
    return new RateWatch(minRate * RATE_SECONDS, Math.ceil(RATE_SECONDS / this.#sweepEvery));
  }

  /** @internal Called when its last connection is gone. */
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

  /** @internal Only our side of the connection is closed. */
  _lingers(connection: ServerConnection): void {
    this.#lingering.add(connection);
    if (this.#lingering.size <= LINGERING_MAX) return;
    for (const oldest of this.#lingering) {
      this.#lingering.delete(oldest);
      oldest._abort();
      return;
    }
  }

  /** @internal What a connection has become, from now on one of the server's. */
  _adopt(connection: ServedConnection): void {
    this.#connections.add(connection);
    this.#count();
  }

  /** @internal The connection is closed and nothing runs for it any more. */
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
