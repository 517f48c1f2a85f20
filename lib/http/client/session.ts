import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Future } from '../../core/future/future.ts';
import { showsText } from '../../core/support/shows-text.ts';
import type { Task } from '../../core/task/task.ts';
import type { Coro } from '../../core/support/types.ts';
import { loopWithNetwork } from '../../net/running-loop.ts';
import type { CookieJar } from './cookie-jar.ts';
import type { ClientSessionOptions, RequestOptions, SessionSettings } from './options.ts';
import { checkRequestOptions, NO_OPTIONS, routeOf, sessionSettings } from './options.ts';
import { buildRequest } from './request.ts';
import type { ClientResponse } from './response.ts';
import { ClientTimeout } from './timeout.ts';
import { Deadlines } from './deadlines.ts';
import { ConnectionPool } from './connection-pool.ts';
import { RequestLimits } from './request-limits.ts';
import { clientContext } from './secure.ts';
import type { RequestContext } from './sending.ts';
import { checkStatus, followed } from './sending.ts';
import { watchForClose } from './unclosed.ts';

/**
 * An HTTP/1.1 client with a pool of connections. Every request starts at the call and gives a
 * `ClientResponse` in both lanes; cancelling it closes its connection.
 *
 * An idempotent request that finds its kept-alive connection closed is sent once more on a new
 * one. Redirections follow aiohttp's rules: 303, and 301 and 302 of a POST, become GET without a
 * body; credentials are not sent to another origin.
 *
 * @throws RuntimeError outside a running loop; TypeError, RangeError for wrong options
 * @example
 * const session = new ClientSession({ timeout: '10s' });
 * const response = yield* session.get('http://localhost:8080/items', { params: { page: 2 } });
 * const items = yield* response.json();
 * yield* session.close();
 */
export class ClientSession {
  readonly #loop: EventLoop;
  readonly #pool: ConnectionPool;
  readonly #settings: SessionSettings;
  /** Of the requests that have no time limits of their own. */
  readonly #deadlines: Deadlines | null;

  constructor(options: ClientSessionOptions = {}) {
    this.#settings = sessionSettings(options);
    this.#loop = loopWithNetwork('new ClientSession()');
    const { limit, limitPerHost, keepAlive, timeout } = this.#settings;
    this.#deadlines = deadlinesOf(this.#loop, timeout);
    this.#pool = new ConnectionPool(this.#loop, limit, limitPerHost, keepAlive);
    watchForClose(this, this.#pool);
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this.#pool.closed;
  }

  /** Where its cookies are; null when they are not kept. */
  get cookieJar(): CookieJar | null {
    return this.#settings.jar;
  }

  /** Connections that are open now, idle ones included. */
  get connections(): number {
    return this.#pool.size;
  }

  /**
   * Sends a request. Every error comes with the awaited result.
   * @throws (awaited) ClientError and its kinds (see client-errors), AbortError, TypeError and
   * RangeError for wrong arguments, RuntimeError when the session is closed
   */
  request(method: string, url: string | URL, options?: RequestOptions): Task<ClientResponse> {
    return this.#start(method, url, options, true);
  }

  get(url: string | URL, options?: RequestOptions): Task<ClientResponse> {
    return this.request('GET', url, options);
  }

  /** Redirections of a HEAD are not followed unless asked for, as in aiohttp. */
  head(url: string | URL, options?: RequestOptions): Task<ClientResponse> {
    return this.#start('HEAD', url, options, false);
  }

  options(url: string | URL, options?: RequestOptions): Task<ClientResponse> {
    return this.request('OPTIONS', url, options);
  }

  post(url: string | URL, options?: RequestOptions): Task<ClientResponse> {
    return this.request('POST', url, options);
  }

  put(url: string | URL, options?: RequestOptions): Task<ClientResponse> {
    return this.request('PUT', url, options);
  }

  patch(url: string | URL, options?: RequestOptions): Task<ClientResponse> {
    return this.request('PATCH', url, options);
  }

  delete(url: string | URL, options?: RequestOptions): Task<ClientResponse> {
    return this.request('DELETE', url, options);
  }

  /** Closes every connection; requests under way fail. @returns done when all are closed */
  close(): Future<void> {
    return this.#pool.close();
  }

  toString(): string {
    const { base } = this.#settings;
    const state = this.closed ? 'closed' : `${this.connections} connections`;
    return `<ClientSession ${base === null ? '' : `${base.origin} `}${state}>`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #start(
    method: string,
    url: string | URL,
    options: RequestOptions = NO_OPTIONS,
    follow: boolean,
  ): Task<ClientResponse> {
    return this.#loop._startTask(this.#run(method, url, options, follow));
  }

  *#run(
    method: string,
    url: string | URL,
    options: RequestOptions,
    follow: boolean,
  ): Coro<ClientResponse> {
    const redirections = checkRequestOptions(options, follow);
    const settings = this.#settings;
    const request = buildRequest(method, url, options, settings.defaults);
    settings.environment?.authorize(request);
    const usual = options.timeout === undefined;
    const timeout = usual ? settings.timeout : ClientTimeout.from(options.timeout!);
    const limits = new RequestLimits(this.#loop);
    const { signal } = options;
    const context: RequestContext = {
      session: this,
      loop: this.#loop,
      pool: this.#pool,
      timeout,
      limits,
      messageLimits: settings.limits,
      tls: options.tls === undefined ? settings.tls : () => clientContext('request()', options.tls),
      jar: settings.jar,
      route: routeOf(settings, options),
      resolver: settings.resolver,
      middlewares: options.middlewares ?? settings.middlewares,
      decompress: options.autoDecompress ?? settings.autoDecompress,
      maxDecoded: settings.maxDecoded,
      signal,
    };
    let delivered = false;
    try {
      limits.follow(signal);
      limits.limitTotal(usual ? this.#deadlines : deadlinesOf(this.#loop, timeout));
      const response = yield* followed(context, request, redirections);
      yield* checkStatus(response, options.raiseForStatus ?? settings.raiseForStatus);
      if (!response._endLimits(limits)) response._deliver(limits, signal);
      delivered = true;
      return response;
    } finally {
      if (!delivered) limits.release();
    }
  }
}

showsText(ClientSession);

function deadlinesOf(loop: EventLoop, { total }: ClientTimeout): Deadlines | null {
  return total === null ? null : new Deadlines(loop, total);
}
