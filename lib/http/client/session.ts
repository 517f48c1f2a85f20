import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Future } from '../../core/future/future.ts';
import { showsText } from '../../core/support/shows-text.ts';
import type { Task } from '../../core/task/task.ts';
import type { Coro } from '../../core/support/types.ts';
import { loopWithNetwork } from '../../net/running-loop.ts';
import type { RequestDiagnostics } from '../message/diagnostics.ts';
import { ClientConnectionError, ServerTimeoutError, TooManyRedirectsError } from './errors.ts';
import type {
  ClientSessionOptions,
  Redirections,
  RequestOptions,
  SessionSettings,
} from './options.ts';
import { checkRequestOptions, NO_OPTIONS, sessionSettings } from './options.ts';
import type { OutgoingRequest } from './request.ts';
import { buildRequest } from './request.ts';
import { ClientResponse } from './response.ts';
import { ClientTimeout } from './timeout.ts';
import type { ConnectContext } from './connect.ts';
import { connectionFor } from './connect.ts';
import { Deadlines } from './deadlines.ts';
import { ConnectionPool } from './connection-pool.ts';
import { canSendAgain } from '../message/outgoing-body.ts';
import { isRedirect, redirected } from './redirect.ts';
import { clientDiagnostics } from './request-diagnostics.ts';
import { RequestLimits } from './request-limits.ts';
import { clientContext, originOf } from './secure.ts';
import { watchForClose } from './unclosed.ts';

/** What all hops of a request have in common. */
interface RequestContext extends ConnectContext {
  decompress: boolean;
}

/** Methods that may be sent again when nobody knows whether the first one arrived. */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

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
    const usual = options.timeout === undefined;
    const timeout = usual ? settings.timeout : ClientTimeout.from(options.timeout!);
    const limits = new RequestLimits(this.#loop);
    const context = {
      loop: this.#loop,
      pool: this.#pool,
      timeout,
      limits,
      messageLimits: settings.limits,
      tls: options.tls === undefined ? settings.tls : () => clientContext('request()', options.tls),
      decompress: options.autoDecompress ?? settings.autoDecompress,
    };
    let delivered = false;
    try {
      limits.follow(options.signal);
      limits.limitTotal(usual ? this.#deadlines : deadlinesOf(this.#loop, timeout));
      const response = yield* this.#follow(context, request, redirections);
      if (options.raiseForStatus ?? settings.raiseForStatus) response.raiseForStatus();
      response._deliver(limits, options.signal);
      delivered = true;
      return response;
    } finally {
      if (!delivered) limits.release();
    }
  }

  *#follow(
    context: RequestContext,
    first: OutgoingRequest,
    { mode, most }: Redirections,
  ): Coro<ClientResponse> {
    const history: ClientResponse[] = [];
    for (let request = first; ;) {
      const diagnostics = clientDiagnostics(this, this.#loop, request);
      const sending = this.#send(context, request, [...history]);
      const response = yield* diagnostics === null ? sending : tellOf(diagnostics, sending);
      if (mode === 'manual' || !isRedirect(response)) return response;
      history.push(response);
      response.release();
      if (mode === 'error' || history.length > most) {
        throw new TooManyRedirectsError(
          response,
          mode === 'error' ? 'redirection not allowed' : `more than ${most} redirections`,
          history,
        );
      }
      request = redirected(request, response);
    }
  }

  *#send(
    context: RequestContext,
    request: OutgoingRequest,
    history: ClientResponse[],
  ): Coro<ClientResponse> {
    const { limits, pool } = context;
    const repeatable = IDEMPOTENT.has(request.method) && canSendAgain(request.body);
    for (let again = false; ; again = true) {
      const connection =
        (again ? null : pool.acquireIdle(originOf(request.target, context.tls), !repeatable)) ??
        (yield* connectionFor(context, request.target, again, !repeatable));
      const reused = connection.exchanges > 0;
      let done = false;
      try {
        limits.check();
        limits.handTo(connection);
        const head = yield* connection._exchange(request, context.timeout.sockRead);
        limits.check();
        const response = new ClientResponse(
          connection,
          head,
          request.method,
          request.target.href,
          history,
          context.decompress,
          this.#settings.maxDecoded,
        );
        done = true;
        return response;
      } catch (error) {
        if (again || !reused || !repeatable || !isDead(error)) throw error;
      } finally {
        limits.handTo(null);
        if (!done) connection._abort(null);
      }
    }
  }
}

showsText(ClientSession);

/** Whether the error means that the connection had been closed before the request came. */
function isDead(error: unknown): boolean {
  return error instanceof ClientConnectionError && !(error instanceof ServerTimeoutError);
}

function deadlinesOf(loop: EventLoop, { total }: ClientTimeout): Deadlines | null {
  return total === null ? null : new Deadlines(loop, total);
}

function* tellOf(
  diagnostics: RequestDiagnostics,
  sending: Coro<ClientResponse>,
): Coro<ClientResponse> {
  try {
    const response = yield* sending;
    diagnostics.status = response.status;
    return response;
  } catch (error) {
    diagnostics.fail(error);
    throw error;
  } finally {
    diagnostics.finish();
  }
}
