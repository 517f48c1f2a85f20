/** From an origin to a connection: a slot of the pool, an idle connection, or a new one. */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Future } from '../../core/future/future.ts';
import type { Coro } from '../../core/support/types.ts';
import { ConnectRace, interleaved, NEXT_AFTER } from '../../io/connect-race.ts';
import { type Endpoint, lookup, unique } from '../../io/names.ts';
import type { MessageLimits } from '../../native/binding.ts';
import { SOCKET_HTTP_CLIENT } from '../../native/layout.ts';
import type { TlsContext } from '../../tls/context.ts';
import { ClientConnection } from './connection.ts';
import { ClientConnectorError, ClientDNSError, ConnectionTimeoutError } from './errors.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { RequestTarget } from './request-target.ts';
import { originOf, secure } from './secure.ts';
import type { ClientTimeout } from './timeout.ts';
import type { RequestLimits } from './request-limits.ts';

/** What connecting needs to know; the same for every hop of a request. */
export interface ConnectContext {
  loop: EventLoop;
  pool: ConnectionPool;
  timeout: ClientTimeout;
  limits: RequestLimits;
  /** Of the heads of responses; null for the usual ones. */
  messageLimits: MessageLimits | null;
  /** Of https: made when it is needed. */
  tls: () => TlsContext;
}

/**
 * A connection with its slot; both go back when the exchange on it ends. Cancelling the wait gives
 * back everything that was taken.
 *
 * @param fresh - whether it must be a new connection
 * @param once - whether the request cannot be repeated when the connection turns out to be dead
 * @throws ClientConnectorError, ClientDNSError, ConnectionTimeoutError
 */
export function* connectionFor(
  context: ConnectContext,
  target: RequestTarget,
  fresh: boolean,
  once: boolean,
): Coro<ClientConnection> {
  const { pool, timeout, limits } = context;
  const origin = originOf(target, context.tls);
  const limit = limits.arm(timeout.connect, connectTimedOut);
  try {
    limits.check();
    const waiter = pool.acquire(origin);
    if (waiter !== null) yield* waitForSlot(context, origin, waiter);
    const idle = fresh ? null : pool.takeIdle(origin, once);
    if (idle !== null) return idle;
    try {
      return yield* connectNew(context, target, origin);
    } catch (error) {
      pool.release(origin);
      throw error;
    }
  } finally {
    limit?.cancel();
  }
}

function* waitForSlot(context: ConnectContext, host: string, waiter: Future<void>): Coro<void> {
  const { pool, limits } = context;
  let taken = false;
  try {
    yield* limits.under(waiter);
    taken = true;
  } finally {
    if (!taken) {
      // Given the slot and ended in the same turn: the slot must not get lost.
      if (!waiter.done()) waiter.cancel();
      else if (!waiter.cancelled() && waiter.exception() === null) pool.release(host);
    }
  }
}

/**
 * As Happy Eyeballs has it (RFC 8305): an address that does not answer does not hold up the others.
 */
function* connectNew(
  context: ConnectContext,
  target: RequestTarget,
  origin: string,
): Coro<ClientConnection> {
  const { loop, pool, limits, timeout, messageLimits } = context;
  const { hostname: host, port } = target;
  const endpoints = interleaved(yield* resolve(context, host, port), 1);
  limits.check();
  const race = new ConnectRace(loop, endpoints, {
    delay: NEXT_AFTER,
    flags: SOCKET_HTTP_CLIENT,
    limits: messageLimits,
  });
  const limit = limits.arm(timeout.sockConnect, connectTimedOut);
  try {
    yield* limits.under(pool.racing(race));
    const connected = race.take();
    const security = target.secure
      ? yield* secure(context, target, connected, context.tls())
      : null;
    const connection = new ClientConnection(loop, pool, origin, connected);
    connection._security = security;
    pool.add(connection);
    connection._take();
    return connection;
  } catch (error) {
    // What the system says of the addresses; anything else ended the wait.
    if ((error as NodeJS.ErrnoException).syscall !== 'connect') throw error;
    throw new ClientConnectorError(host, port, race.errors.at(-1) ?? (error as Error));
  } finally {
    limit?.cancel();
    race.stop();
  }
}

function* resolve(context: ConnectContext, host: string, port: number): Coro<Endpoint[]> {
  const { loop, limits } = context;
  const addresses = lookup(loop, host, port);
  try {
    const found = addresses.done() ? addresses.result() : yield* answerOf(loop, limits, addresses);
    return unique(found);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== 'getaddrinfo') throw error;
    throw new ClientDNSError(host, port, error as Error);
  } finally {
    addresses.cancel();
  }
}

/** A limit must not fail the lookup itself: only its `cancel` takes the request back. */
function* answerOf<T>(loop: EventLoop, limits: RequestLimits, lookup: Future<T>): Coro<T> {
  const answered = loop.createFuture<void>();
  lookup.addDoneCallback(() => {
    // Asked for here, so that an error that comes in the limit's own turn is not reported as lost.
    if (!lookup.cancelled()) lookup.exception();
    if (!answered.done()) answered.setResult(undefined);
  });
  yield* limits.under(answered);
  return lookup.result();
}

function connectTimedOut(seconds: number): Error {
  return new ConnectionTimeoutError(`no connection within ${seconds} s`);
}
