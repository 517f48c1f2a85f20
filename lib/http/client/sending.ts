/** From a request to its response: hop by hop, each through the middlewares and over the wire. */
import { isRepeatable } from './upload.ts';
import type { Coro } from '../../core/support/types.ts';
import type { RequestDiagnostics } from '../message/diagnostics.ts';
import type { ConnectContext } from './connect.ts';
import { connectionFor } from './connect.ts';
import type { CookieJar } from './cookie-jar.ts';
import { ClientConnectionError, ServerTimeoutError, TooManyRedirectsError } from './errors.ts';
import { eitherLane, throughMiddlewares } from './middleware.ts';
import type { ClientMiddleware } from './middleware.ts';
import { IDEMPOTENT } from './idempotent.ts';
import type { Redirections, StatusCheck } from './options.ts';
import { addCookies } from './own-cookies.ts';
import { isRedirect, redirected } from './redirect.ts';
import type { OutgoingRequest } from './request.ts';
import { clientDiagnostics } from './request-diagnostics.ts';
import type { RequestTarget } from './request-target.ts';
import { ClientResponse } from './response.ts';
import type { ClientSession } from './session.ts';
import type { Via } from './via.ts';

/** What the hops of a request share. */
export interface RequestContext extends ConnectContext {
  session: ClientSession;
  jar: CookieJar | null;
  /** Chooses the route for a target; null when all connect directly. */
  route: ((target: RequestTarget) => Via | null) | null;
  middlewares: readonly ClientMiddleware[];
  decompress: boolean;
  maxDecoded: number;
  signal: AbortSignal | null | undefined;
  /** A request that failed on a dead connection, so that it must be sent on a new one. */
  retried: OutgoingRequest | null;
}

/**
 * Follows redirects and returns the final response.
 * @param got - the response to the first request, if it has already arrived
 */
export function* followed(
  context: RequestContext,
  first: OutgoingRequest,
  { mode, most }: Redirections,
  got: ClientResponse | null,
): Coro<ClientResponse> {
  const history: ClientResponse[] = [];
  for (let request = first; ;) {
    const response: ClientResponse =
      history.length === 0 && got !== null ? got : yield* hop(context, request, [...history]);
    if (mode === 'manual' || !isRedirect(response)) return response;
    history.push(response);
    context.trace?.tellRequest('onRequestRedirect', request, { response });
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

/** Applies `raiseForStatus`. @throws ClientResponseError, or what the function throws */
export function* checkStatus(response: ClientResponse, check: boolean | StatusCheck): Coro<void> {
  if (check === false) return;
  if (check === true) {
    response.raiseForStatus();
    return;
  }
  let passed = false;
  try {
    yield* response._connection._loop._startTask(() => eitherLane(check(response)));
    passed = true;
  } finally {
    if (!passed) response.release();
  }
}

function hop(
  context: RequestContext,
  request: OutgoingRequest,
  history: ClientResponse[],
): Coro<ClientResponse> {
  const { middlewares, limits: outer } = context;
  if (middlewares.length === 0) return told(context, request, history);
  return throughMiddlewares(context, middlewares, request, function* (each) {
    const limits = outer.within();
    let delivered = false;
    try {
      const response = yield* told({ ...context, limits }, each, history);
      // Middlewares may read the body, under the limits that also end the middlewares.
      response._deliver(limits, context.signal);
      delivered = true;
      return response;
    } finally {
      if (!delivered) limits.release();
    }
  });
}

function told(
  context: RequestContext,
  request: OutgoingRequest,
  history: ClientResponse[],
): Coro<ClientResponse> {
  const diagnostics = clientDiagnostics(context.session, context.loop, request);
  const sending = send(context, request, history);
  return diagnostics === null ? sending : tellOf(diagnostics, sending);
}

function* send(
  context: RequestContext,
  request: OutgoingRequest,
  history: ClientResponse[],
): Coro<ClientResponse> {
  const { limits, pool, jar, trace } = context;
  const repeatable = IDEMPOTENT.has(request.method) && isRepeatable(request.body);
  request._begin();
  const via = context.route === null ? null : context.route(request.target);
  const wire = wireOf(context, request, via);
  const origin = keyOf(context, request, via);
  const way = { target: request.target, via, origin };
  for (let again = context.retried === request; ; again = true) {
    const idle = again ? null : pool.acquireIdle(origin, !repeatable);
    if (idle !== null) trace?.tell('onConnectionReuseconn');
    const connection = idle ?? (yield* connectionFor(context, way, again, !repeatable));
    const reused = connection.exchanges > 0;
    let done = false;
    try {
      limits.check();
      limits.handTo(connection);
      connection._trace = trace;
      const head = yield* connection._exchange(wire, context.timeout.sockRead);
      limits.check();
      const response = new ClientResponse(
        connection,
        head,
        wire.method,
        wire.target.href,
        history,
        context.decompress,
        context.maxDecoded,
      );
      if (jar !== null && response.headers.has('set-cookie')) keepCookies(jar, wire, response);
      done = true;
      return response;
    } catch (error) {
      if (again || !reused || !repeatable || pool.closed || !isDead(error)) throw error;
    } finally {
      limits.handTo(null);
      if (!done) connection._abort(null);
    }
  }
}

/** The pool's key for connections that can carry a request. */
export function keyOf(
  { tls }: Pick<RequestContext, 'tls'>,
  { target }: OutgoingRequest,
  via: Via | null,
): string {
  const origin = target.originOf(tls);
  return via === null ? origin : via.key + origin;
}

/**
 * Adds what a request needs on its route: cookies of the jar, and what a proxy needs.
 * @param tunnels - whether a proxy, if there is one, is used with a tunnel, as for https
 */
export function wireOf(
  { jar }: Pick<RequestContext, 'jar'>,
  request: OutgoingRequest,
  via: Via | null,
  tunnels: boolean = request.target.secure,
): OutgoingRequest {
  const cookies = jar === null || jar.size === 0 ? null : jar._cookiesFor(request.url);
  const proxy = via === null || tunnels ? null : via.proxy;
  if ((cookies === null || cookies.size === 0) && proxy === null) return request;
  const headers = request.headers._copy();
  if (cookies !== null) addCookies(headers, cookies);
  for (const [name, value] of proxy?.headers ?? []) headers.set(name, value);
  const wire = request.withHeaders(headers);
  wire._absolute = proxy !== null;
  return wire;
}

export function keepCookies(
  jar: CookieJar,
  { url }: OutgoingRequest,
  response: ClientResponse,
): void {
  for (const header of response.headers.getSetCookie()) jar._take(header, url);
}

/**
 * Whether the error can mean that the server had closed an idle connection before the request
 * arrived.
 */
export function isDead(error: unknown): boolean {
  return error instanceof ClientConnectionError && !(error instanceof ServerTimeoutError);
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
