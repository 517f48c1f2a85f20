/** How a session handles requests: directly on an idle connection, or as a task that may wait. */
import { RuntimeError } from '../../core/errors/errors.ts';
import type { Future } from '../../core/future/future.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Coro } from '../../core/support/types.ts';
import type { Task } from '../../core/task/task.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { Connector } from './connector.ts';
import { poolOf } from './connector.ts';
import { Deadlines } from './deadlines.ts';
import { DirectRequest } from './direct-request.ts';
import { IDEMPOTENT } from './idempotent.ts';
import type { Redirections, RequestOptions, SessionSettings, StatusCheck } from './options.ts';
import { checkRequestOptions, NO_OPTIONS, routeOf } from './options.ts';
import type { OutgoingRequest } from './request.ts';
import { bareHead, buildRequest } from './request.ts';
import { isTold } from './request-diagnostics.ts';
import { RequestLimits } from './request-limits.ts';
import type { ClientResponse } from './response.ts';
import { clientContext } from './secure.ts';
import type { RequestContext } from './sending.ts';
import { checkStatus, followed, keyOf, wireOf } from './sending.ts';
import type { ClientSession } from './session.ts';
import { ClientTimeout } from './timeout.ts';
import { RequestTrace } from './trace.ts';
import { isStream } from '../message/outgoing-body.ts';

/** A request with its checked options, before anything is sent. */
export interface Prepared {
  request: OutgoingRequest;
  redirections: Redirections;
  context: RequestContext;
  raiseForStatus: RequestOptions['raiseForStatus'];
}

export class SessionCore {
  readonly loop: EventLoop;
  readonly pool: ConnectionPool;
  readonly settings: SessionSettings;
  readonly #session: ClientSession;
  /** Of requests without a timeout of their own. */
  readonly #deadlines: Deadlines | null;
  readonly #isShared: boolean;
  #closed = false;
  /** Whether a request without options consists of its method and its URL only. */
  readonly #isPlain: boolean;

  /** @param connector - shared with other sessions; null to create connections for this one */
  constructor(
    session: ClientSession,
    loop: EventLoop,
    settings: SessionSettings,
    connector: Connector | null,
  ) {
    this.#session = session;
    this.loop = loop;
    this.settings = settings;
    const { timeout, defaults } = settings;
    this.#deadlines = deadlinesOf(loop, timeout);
    this.#isShared = connector !== null;
    this.pool = connector?._pool ?? poolOf(loop, settings.connector);
    this.#isPlain =
      settings.middlewares.length === 0 &&
      settings.traceConfigs.length === 0 &&
      settings.environment === null &&
      routeOf(settings, NO_OPTIONS) === null &&
      typeof settings.raiseForStatus === 'boolean' &&
      defaults.authorization === null &&
      defaults.cookies.length === 0;
  }

  /** Whether new requests are refused. */
  get closed(): boolean {
    return this.#closed || this.pool.closed;
  }

  /** @returns done when its own connections are closed; null when it uses a shared connector */
  close(): Future<void> | null {
    this.#closed = true;
    return this.#isShared ? null : this.pool.close();
  }

  /** Starts a request. Every error is reported by the awaited result. */
  start(
    method: string,
    url: string | URL,
    options: RequestOptions,
    follow: boolean,
  ): Task<ClientResponse> {
    if (this.#closed && this.#isShared) return this.failed(new RuntimeError('Session is closed'));
    if (options === NO_OPTIONS && this.#isPlain) {
      const known = this.#startKnown(method, url, follow);
      if (known !== null) return known;
    }
    let prepared: Prepared;
    try {
      prepared = this.prepare(method, url, options, follow);
      prepared.context.trace = this.#traceOf(options);
    } catch (error) {
      return this.failed(error);
    }
    return this.#startAtOnce(prepared) ?? this.loop._startTask(this.run(prepared));
  }

  /**
   * A request without options for a known URL: its encoded head is known too. Null if not possible.
   */
  #startKnown(method: string, url: string | URL, follow: boolean): DirectRequest | null {
    const { settings, loop } = this;
    const { defaults, jar } = settings;
    if (typeof url !== 'string' || (jar !== null && jar.size !== 0) || !follow) return null;
    const target = defaults.targets.get(url);
    if (target === undefined || loop._bindsStores || isTold()) return null;
    const head = bareHead(method, target, defaults.allHeaders);
    if (head === null) return null;
    const connection = this.pool.acquireIdle(target.originOf(settings.tls), false);
    if (connection === null) return null;
    const direct = new DirectRequest(this, connection, this.#deadlines, method, target.href);
    direct._sendKnown(url, head, settings);
    return direct;
  }

  /** Sends a request that needs nothing but an idle connection; null if it has to wait for more. */
  #startAtOnce(prepared: Prepared): Task<ClientResponse> | null {
    const { request, context } = prepared;
    const { signal, middlewares, timeout, jar, trace } = context;
    const { body } = request;
    const waits =
      (signal !== undefined && signal !== null) ||
      middlewares.length !== 0 ||
      trace !== null ||
      typeof this.raises(prepared) !== 'boolean' ||
      isStream(body) ||
      (body !== null && request.headers.has('expect')) ||
      this.loop._bindsStores ||
      isTold();
    if (waits) return null;
    try {
      const via = context.route === null ? null : context.route(request.target);
      const wire = wireOf({ jar }, request, via);
      const once = !IDEMPOTENT.has(request.method);
      const connection = this.pool.acquireIdle(keyOf(context, request, via), once);
      if (connection === null) return null;
      const deadlines = this.#deadlinesOf(timeout);
      const { method, target } = request;
      const direct = new DirectRequest(this, connection, deadlines, method, target.href);
      direct._send(prepared, wire);
      return direct;
    } catch (error) {
      return this.failed(error);
    }
  }

  failed(error: unknown): Task<never> {
    return this.loop._startTask(failing(error));
  }

  /** The effective `raiseForStatus` of a request. */
  raises(prepared: Prepared | null): boolean | StatusCheck {
    return prepared?.raiseForStatus ?? this.settings.raiseForStatus;
  }

  #deadlinesOf(timeout: ClientTimeout): Deadlines | null {
    return timeout === this.settings.timeout ? this.#deadlines : deadlinesOf(this.loop, timeout);
  }

  /**
   * Checks and builds everything before anything is sent. @throws what is wrong with the request
   */
  prepare(method: string, url: string | URL, options: RequestOptions, follow: boolean): Prepared {
    const redirections = checkRequestOptions(options, follow);
    const { settings, loop } = this;
    const request = buildRequest(method, url, options, settings.defaults);
    settings.environment?.authorize(request);
    const timeout =
      options.timeout === undefined ? settings.timeout : ClientTimeout.from(options.timeout);
    const context: RequestContext = {
      session: this.#session,
      loop,
      pool: this.pool,
      timeout,
      limits: new RequestLimits(loop),
      connector: settings.connector,
      tls: options.tls === undefined ? settings.tls : () => clientContext('request()', options.tls),
      jar: settings.jar,
      route: routeOf(settings, options),
      middlewares: options.middlewares ?? settings.middlewares,
      decompress: options.autoDecompress ?? settings.autoDecompress,
      maxDecoded: settings.maxDecoded,
      signal: options.signal,
      retried: null,
      trace: null,
    };
    return { request, redirections, context, raiseForStatus: options.raiseForStatus };
  }

  #traceOf({ traceRequestCtx }: RequestOptions): RequestTrace | null {
    const { traceConfigs } = this.settings;
    if (traceConfigs.length === 0) return null;
    return new RequestTrace(this.loop, this.#session, traceConfigs, traceRequestCtx);
  }

  /**
   * Runs a request with everything that may have to be waited for.
   * @param first - the response to the first request, a redirect, if it has already arrived
   */
  *run(prepared: Prepared, first: ClientResponse | null = null): Coro<ClientResponse> {
    const { request, redirections, context } = prepared;
    const { limits, timeout, signal, trace } = context;
    let delivered = false;
    try {
      trace?.tellRequest('onRequestStart', request);
      limits.follow(signal);
      if (!limits.isLimited) limits.limitTotal(this.#deadlinesOf(timeout));
      const response = yield* followed(context, request, redirections, first);
      yield* checkStatus(response, this.raises(prepared));
      if (!response._endLimits(limits)) response._deliver(limits, signal);
      delivered = true;
      trace?.tellRequest('onRequestEnd', request, { response });
      return response;
    } catch (exception) {
      trace?.tellRequest('onRequestException', request, { exception });
      throw exception;
    } finally {
      if (!delivered) limits.release();
    }
  }
}

function deadlinesOf(loop: EventLoop, { total }: ClientTimeout): Deadlines | null {
  return total === null ? null : new Deadlines(loop, total);
}

function* failing(error: unknown): Coro<never> {
  throw error;
}
