import type { Duration } from '../core/duration.ts';
import { toSeconds } from '../core/duration.ts';
import type { EventLoop } from '../core/event-loop.ts';
import type { Future } from '../core/future.ts';
import { loopWithNetwork } from '../net/running-loop.ts';
import type { Task } from '../core/task.ts';
import type { Coro } from '../core/types.ts';
import { Telling } from './channels.ts';
import type { ClientConnection } from './client-connection.ts';
import {
  ClientConnectionError, ServerTimeoutError, TooManyRedirectsError,
} from './client-errors.ts';
import type { OutgoingRequest, RequestInit } from './client-request.ts';
import { buildRequest } from './client-request.ts';
import { ClientResponse } from './client-response.ts';
import type { ClientTimeoutInit } from './client-timeout.ts';
import { ClientTimeout } from './client-timeout.ts';
import type { ConnectContext } from './connect.ts';
import { connectionFor } from './connect.ts';
import { ConnectionPool } from './connection-pool.ts';
import { canDecode, codingsOf } from './decode-content.ts';
import type { HeadersInit, ReadonlyHeaders } from './headers.ts';
import { Headers } from './headers.ts';
import { canSendAgain, describe } from './outgoing-body.ts';
import { isRedirect, redirected } from './redirect.ts';
import { RequestLimits } from './request-limits.ts';

/** What all requests of a session have in common. */
export interface ClientSessionOptions {
  /** What relative URLs are relative to. */
  baseUrl?: string | URL;
  /** Sent with every request. */
  headers?: HeadersInit | ReadonlyHeaders;
  /** A ClientTimeout, its options, or the total alone; 300 s in total by default. */
  timeout?: ClientTimeout | ClientTimeoutInit | Duration | null;
  /** Requests under way at once; 100 by default, 0 for no limit. The others wait in turn. */
  limit?: number;
  /** The same for each host; 0, no limit, by default. */
  limitPerHost?: number;
  /** How long an idle connection is kept; 15 s by default. */
  keepAliveTimeout?: Duration;
  /** Whether a status of 400 or more throws ClientResponseError; false by default. */
  raiseForStatus?: boolean;
  /** Whether gzip, deflate and br are taken off; true by default. */
  autoDecompress?: boolean;
  /** Bytes that a compressed body may unpack to; 64 MiB by default. */
  maxDecodedSize?: number;
}

/** What one request has of its own; it counts before what the session has. */
export interface RequestOptions extends RequestInit {
  /** Instead of the session's. */
  timeout?: ClientTimeout | ClientTimeoutInit | Duration | null;
  /** Whether redirections are followed; true by default. */
  allowRedirects?: boolean;
  /** The same by fetch's name: `'manual'` gives the redirection itself, `'error'` throws. */
  redirect?: 'follow' | 'manual' | 'error';
  /** How many redirections are followed; 10 by default. */
  maxRedirects?: number;
  /** Whether a status of 400 or more throws; by default as the session says. */
  raiseForStatus?: boolean;
  /** Aborting it ends the request with an AbortError. */
  signal?: AbortSignal;
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
  readonly #base: string | URL | null;
  readonly #headers: Headers;
  readonly #timeout: ClientTimeout;
  readonly #raiseForStatus: boolean;
  readonly #decompress: boolean;
  readonly #maxDecoded: number;

  constructor(options: ClientSessionOptions = {}) {
    if (typeof options !== 'object' || options === null) {
      throw new TypeError(`ClientSession takes an options object, not ${describe(options)}`);
    }
    this.#loop = loopWithNetwork('new ClientSession()');
    this.#base = options.baseUrl ?? null;
    this.#headers = new Headers(options.headers);
    this.#timeout = ClientTimeout.from(options.timeout ?? {});
    if (options.timeout === null) this.#timeout = new ClientTimeout({ total: null });
    this.#raiseForStatus = options.raiseForStatus === true;
    this.#decompress = options.autoDecompress !== false;
    this.#maxDecoded = count('maxDecodedSize', options.maxDecodedSize ?? 64 * 2 ** 20);
    const keepAlive = toSeconds(options.keepAliveTimeout ?? 15, 'keepAliveTimeout');
    this.#pool = new ConnectionPool(this.#loop, count('limit', options.limit ?? 100),
      count('limitPerHost', options.limitPerHost ?? 0), keepAlive);
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
  request(
    method: string, url: string | URL, options: RequestOptions = {},
  ): Task<ClientResponse> {
    return this.#loop.createTask(this.#run(method, url, options), { eagerStart: true });
  }

  get(url: string | URL, options?: RequestOptions): Task<ClientResponse> {
    return this.request('GET', url, options);
  }

  /** Redirections of a HEAD are not followed unless asked for, as in aiohttp. */
  head(url: string | URL, options?: RequestOptions): Task<ClientResponse> {
    return this.request('HEAD', url, { allowRedirects: false, ...options });
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

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  *#run(method: string, url: string | URL, options: RequestOptions): Coro<ClientResponse> {
    const request = buildRequest(method, url, options, this.#base, this.#headers);
    const timeout = options.timeout === undefined
      ? this.#timeout : ClientTimeout.from(options.timeout);
    const limits = new RequestLimits(this.#loop);
    const context = { loop: this.#loop, pool: this.#pool, timeout, limits };
    let connection: ClientConnection | null = null;
    try {
      limits.follow(options.signal);
      limits.arm(timeout.total, totalTimedOut);
      const response = yield* this.#follow(context, request, options);
      if (options.raiseForStatus ?? this.#raiseForStatus) response.raiseForStatus();
      connection = response._connection;
      return response;
    } finally {
      if (connection?._exchanging !== true) limits.release();
      else {
        // The body is on its way: until it ends, the limits act on the connection.
        const busy = connection;
        busy._onDone = () => limits.release();
        limits.handTo((error) => busy._abort(error));
      }
    }
  }

  *#follow(
    context: ConnectContext, first: OutgoingRequest, options: RequestOptions,
  ): Coro<ClientResponse> {
    const most = count('maxRedirects', options.maxRedirects ?? 10);
    const mode = options.redirect ?? (options.allowRedirects === false ? 'manual' : 'follow');
    const history: ClientResponse[] = [];
    for (let request = first; ;) {
      const telling = Telling.ofClient(this, this.#loop, request);
      let response: ClientResponse;
      try {
        response = yield* this.#send(context, request, [...history]);
        if (telling !== null) telling.status = response.status;
      } catch (error) {
        telling?.fail(error);
        throw error;
      } finally {
        telling?.finish();
      }
      if (mode === 'manual' || !isRedirect(response)) return response;
      history.push(response);
      response.release();
      if (mode === 'error' || history.length > most) {
        throw new TooManyRedirectsError(response, mode === 'error' ? 'redirection not allowed'
          : `more than ${most} redirections`, history);
      }
      request = redirected(request, response);
    }
  }

  *#send(
    context: ConnectContext, request: OutgoingRequest, history: ClientResponse[],
  ): Coro<ClientResponse> {
    for (let again = false; ; again = true) {
      const connection = yield* connectionFor(context, request.url, again);
      const reused = connection.exchanges > 0;
      let done = false;
      try {
        context.limits.check();
        const head = yield* context.limits.under(
          connection._exchange(request, context.timeout.sockRead),
          (error) => connection._abort(error));
        done = true;
        const response = new ClientResponse(connection, head, request.method,
          request.url.href, history, this.#maxDecoded);
        if (this.#decompress) response._decode(codings(response));
        return response;
      } catch (error) {
        if (again || !reused || !mayRepeat(request, error)) throw error;
      } finally {
        if (!done) connection._abort(null);
      }
    }
  }
}

function codings(response: ClientResponse): string[] {
  if (response.method === 'HEAD') return [];
  const named = codingsOf(response.headers.get('content-encoding'));
  return canDecode(named) ? named : [];
}

/** Whether the error means that the connection had been closed before the request came. */
function mayRepeat(request: OutgoingRequest, error: unknown): boolean {
  return error instanceof ClientConnectionError && !(error instanceof ServerTimeoutError)
    && IDEMPOTENT.has(request.method) && canSendAgain(request.body);
}

function totalTimedOut(seconds: number): Error {
  return new ServerTimeoutError(`not done within ${seconds} s`);
}

function count(name: string, value: unknown): number {
  if (typeof value !== 'number') {
    throw new TypeError(`${name} must be a number, not ${describe(value)}`);
  }
  if (Number.isInteger(value) && value >= 0) return value;
  throw new RangeError(`${name} must be an integer of 0 or more, not ${value}`);
}
