/**
 * Gets a connection to an origin: waits for a slot of the pool, then takes an idle one or connects.
 */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Future } from '../../core/future/future.ts';
import type { Coro } from '../../core/support/types.ts';
import { type Connected, ConnectRace, interleaved } from '../../io/connect-race.ts';
import { type Endpoint, unique } from '../../io/names.ts';
import { PORT_UNIX, SOCKET_HTTP_CLIENT } from '../../native/layout.ts';
import { sleep } from '../../tasks/sleep.ts';
import type { TlsContext } from '../../tls/context.ts';
import type { Secured } from '../../tls/secured.ts';
import { ClientConnection } from './connection.ts';
import {
  ClientConnectorError,
  ClientDNSError,
  ClientProxyConnectionError,
  ConnectionTimeoutError,
  UnixClientConnectorError,
} from './errors.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { ConnectorSettings } from './connector.ts';
import type { RequestTarget } from './request-target.ts';
import { secure } from './secure.ts';
import { SocketRace } from './socket-race.ts';
import type { RequestTrace } from './trace.ts';
import { openTunnel } from './tunnel.ts';
import type { Via } from './via.ts';
import type { ClientTimeout } from './timeout.ts';
import type { RequestLimits } from './request-limits.ts';

/** What connecting needs to know; the same for every hop of a request. */
export interface ConnectContext {
  loop: EventLoop;
  pool: ConnectionPool;
  timeout: ClientTimeout;
  limits: RequestLimits;
  connector: ConnectorSettings;
  /** The context for https, created on first use. */
  tls: () => TlsContext;
  /** Whether a tunnel through the proxy is wanted without TLS too, as for WebSockets. */
  tunnels?: boolean;
  /** Receives the steps for tracing; null for none. */
  trace: RequestTrace | null;
}

/** Where a request goes, how it gets there, and the pool's key for connections of this kind. */
export interface Way {
  target: RequestTarget;
  via: Via | null;
  origin: string;
}

/**
 * Seconds between attempts while the backlog of a Unix socket is full: the first pause and the
 * longest.
 */
const BUSY_FIRST = 0.001;
const BUSY_LAST = 0.05;

/**
 * A connection with its slot; both are returned when the exchange ends. Cancelling the wait
 * releases whatever was taken.
 *
 * @param origin - the pool's key for the connection
 * @param fresh - whether it must be a new connection
 * @param once - whether the request cannot be repeated if the connection turns out to be dead
 * @throws ClientConnectorError, ClientDNSError, ConnectionTimeoutError
 */
export function* connectionFor(
  context: ConnectContext,
  { target, via, origin }: Way,
  fresh: boolean,
  once: boolean,
): Coro<ClientConnection> {
  const { pool, timeout, limits, trace } = context;
  const limit = limits.arm(timeout.connect, connectTimedOut);
  try {
    limits.check();
    const waiter = pool.acquire(origin);
    if (waiter !== null) yield* waitForSlot(context, origin, waiter);
    const idle = fresh ? null : pool.takeIdle(origin, once);
    if (idle !== null) {
      trace?.tell('onConnectionReuseconn');
      return idle;
    }
    try {
      trace?.tell('onConnectionCreateStart');
      const connection = yield* connectNew(context, { target, via, origin });
      trace?.tell('onConnectionCreateEnd');
      return connection;
    } catch (error) {
      pool.release(origin);
      throw error;
    }
  } finally {
    limit?.cancel();
  }
}

function* waitForSlot(context: ConnectContext, host: string, waiter: Future<void>): Coro<void> {
  const { pool, limits, trace } = context;
  let taken = false;
  try {
    trace?.tell('onConnectionQueuedStart');
    yield* limits.under(waiter);
    taken = true;
    trace?.tell('onConnectionQueuedEnd');
  } finally {
    if (!taken) {
      // The slot may have been granted in the turn in which the wait ended: release it.
      if (!waiter.done()) waiter.cancel();
      else if (!waiter.cancelled() && waiter.exception() === null) pool.release(host);
    }
  }
}

function* connectNew(
  context: ConnectContext,
  { target, via, origin }: Way,
): Coro<ClientConnection> {
  const { loop, pool } = context;
  const connected = yield* connectTo(context, target, via);
  const security = yield* secured(context, target, via, connected);
  const connection = new ClientConnection(loop, pool, origin, connected);
  connection._security = security;
  pool.add(connection);
  connection._take();
  return connection;
}

/**
 * TLS where the URLs ask for it: with the proxy, with the server, or with the server through the
 * proxy.
 */
function* secured(
  context: ConnectContext,
  target: RequestTarget,
  via: Via | null,
  connected: Connected,
): Coro<Secured | null> {
  let security: Secured | null = null;
  if (via?.proxy?.target.secure === true) {
    security = yield* secure(context, via.proxy.target, connected, via.proxy.tls());
  }
  if (via?.proxy != null && (target.secure || context.tunnels === true)) {
    yield* openTunnel(context, target, via.proxy, connected, security);
  }
  if (!target.secure) return security;
  return yield* secure(context, target, connected, context.tls(), security);
}

/**
 * Connects with Happy Eyeballs (RFC 8305): an address that does not answer does not delay the
 * others.
 */
function* connectTo(
  context: ConnectContext,
  target: RequestTarget,
  via: Via | null,
): Coro<Connected> {
  const { pool, limits, timeout } = context;
  const { hostname: host, port } = via?.proxy?.target ?? target;
  const path = via?.path ?? null;
  const endpoints =
    path === null
      ? interleaved(yield* resolve(context, host, port, via), 1)
      : [{ address: path, port: PORT_UNIX, family: 4 as const }];
  limits.check();
  const limit = limits.arm(timeout.sockConnect, connectTimedOut);
  try {
    for (let delay = BUSY_FIRST; ; delay = Math.min(delay * 2, BUSY_LAST)) {
      const race = raceTo(context, path ?? host, endpoints);
      try {
        yield* limits.under(pool.racing(race));
        return race.take();
      } catch (error) {
        const { syscall, code } = error as NodeJS.ErrnoException;
        // Errors of the attempts are converted; anything else (a limit, a cancel) ended the wait.
        if (syscall !== 'connect' && !race.errors.includes(error as Error)) throw error;
        // The backlog of a Unix socket is full; Linux does not signal when there is room.
        if (path === null || code !== 'EAGAIN') {
          throw connectError(host, port, via, race.errors.at(-1) ?? (error as Error));
        }
      } finally {
        race.stop();
      }
      yield* limits.under(sleep(delay));
    }
  } finally {
    limit?.cancel();
  }
}

function raceTo(
  { loop, connector }: ConnectContext,
  host: string,
  endpoints: Endpoint[],
): ConnectRace | SocketRace {
  const { delay, factory, locals, messageLimits: limits } = connector;
  if (factory !== null) return new SocketRace(loop, endpoints, { factory, host, delay, limits });
  // Local addresses do not apply to Unix sockets.
  const own = endpoints[0]?.port === PORT_UNIX ? null : locals;
  return new ConnectRace(loop, endpoints, {
    delay,
    locals: own,
    flags: SOCKET_HTTP_CLIENT,
    limits,
  });
}

function connectError(host: string, port: number, via: Via | null, cause: Error): Error {
  if (via === null) return new ClientConnectorError(host, port, cause);
  if (via.path !== null) return new UnixClientConnectorError(via.path, cause);
  return new ClientProxyConnectionError(host, port, cause);
}

function* resolve(
  context: ConnectContext,
  host: string,
  port: number,
  via: Via | null,
): Coro<Endpoint[]> {
  const { loop, limits, connector, trace } = context;
  const { resolver, family } = connector;
  const ask = (): Future<Endpoint[]> =>
    resolver === null
      ? loop._resolve(host, port, family, 0, 'stream')
      : loop._resolve(host, port, family, 0, 'stream', resolver);
  const addresses = trace === null ? ask() : toldLookup(context, trace, host, ask);
  const waits = !addresses.done();
  try {
    if (waits) trace?.tell('onDnsResolvehostStart', { host });
    const found = waits ? yield* answerOf(loop, limits, addresses) : addresses.result();
    return unique(found);
  } catch (error) {
    // Only errors of the lookup itself are converted; anything else ended the wait.
    const answered = addresses.done() && !addresses.cancelled();
    if (!answered || addresses.exception() !== error) throw error;
    throw via === null
      ? new ClientDNSError(host, port, error as Error)
      : new ClientProxyConnectionError(host, port, error as Error);
  } finally {
    addresses.cancel();
    if (waits) trace?.tell('onDnsResolvehostEnd', { host });
  }
}

/** Starts the lookup and tells from the counters of the cache whether it was a hit or a miss. */
function toldLookup(
  { loop, connector: { resolver } }: ConnectContext,
  trace: RequestTrace,
  host: string,
  ask: () => Future<Endpoint[]>,
): Future<Endpoint[]> {
  const cache = (resolver ?? loop._nameResolver) as { hits?: number; misses?: number } | undefined;
  const { hits = 0, misses = 0 } = cache ?? {};
  const addresses = ask();
  if ((cache?.hits ?? 0) > hits) trace.tell('onDnsCacheHit', { host });
  else if ((cache?.misses ?? 0) > misses) trace.tell('onDnsCacheMiss', { host });
  return addresses;
}

/**
 * Waits for a lookup under the limits. A limit that passes must not fail the lookup's own future,
 * which is only cancelled.
 */
function* answerOf<T>(loop: EventLoop, limits: RequestLimits, lookup: Future<T>): Coro<T> {
  const answered = loop.createFuture<void>();
  lookup.addDoneCallback(() => {
    // Marks the error as seen: if a limit passes in the same turn, nobody else reads it.
    if (!lookup.cancelled()) lookup.exception();
    if (!answered.done()) answered.setResult(undefined);
  });
  yield* limits.under(answered);
  return lookup.result();
}

function connectTimedOut(seconds: number): Error {
  return new ConnectionTimeoutError(`no connection within ${seconds} s`);
}
