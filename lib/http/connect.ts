/** From an origin to a connection: a slot of the pool, an idle connection, or a new one. */
import type { EventLoop } from '../core/event-loop.ts';
import type { Future } from '../core/future.ts';
import type { Coro } from '../core/types.ts';
import { ClientConnection } from './client-connection.ts';
import {
  ClientConnectorError, ClientDNSError, ConnectionTimeoutError,
} from './client-errors.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { ClientTimeout } from './client-timeout.ts';
import type { Limits } from './limits.ts';

/** What connecting needs to know; the same for every hop of a request. */
export interface ConnectContext {
  loop: EventLoop;
  pool: ConnectionPool;
  timeout: ClientTimeout;
  limits: Limits;
}

/**
 * A connection with its slot; both go back when the exchange on it ends. Cancelling the wait gives
 * back everything that was taken.
 *
 * @param fresh - whether it must be a new connection
 * @throws ClientConnectorError, ClientDNSError, ConnectionTimeoutError
 */
export function* connectionFor(
  context: ConnectContext, url: URL, fresh: boolean,
): Coro<ClientConnection> {
  const { pool, timeout, limits } = context;
  const limit = limits.arm(timeout.connect, connectTimedOut);
  try {
    const waiter = pool.acquire(url.host);
    if (waiter !== null) yield* waitForSlot(context, url.host, waiter);
    const idle = fresh ? null : pool.takeIdle(url.host);
    if (idle !== null) return idle;
    try {
      return yield* connectNew(context, url);
    } catch (error) {
      pool.release(url.host);
      throw error;
    }
  } finally {
    limit?.cancel();
  }
}

function* waitForSlot(context: ConnectContext, host: string, waiter: Future<void>): Coro<void> {
  const { pool, limits } = context;
  limits.onExpire = (error) => {
    if (!waiter.done()) waiter.setException(error);
  };
  let taken = false;
  try {
    yield* waiter;
    taken = true;
  } finally {
    limits.onExpire = null;
    // Given the slot and cancelled in the same turn: the slot must not get lost.
    if (!taken && waiter.done() && !waiter.cancelled() && waiter.exception() === null) {
      pool.release(host);
    }
  }
}

function* connectNew(context: ConnectContext, url: URL): Coro<ClientConnection> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? 80 : Number(url.port);
  let failure: Error = new Error('the name has no address');
  for (const address of yield* resolve(context, host, port)) {
    const limit = context.limits.arm(context.timeout.sockConnect, connectTimedOut);
    try {
      return yield* connectOne(context, url.host, address, port);
    } catch (error) {
      // Only what the system says about this address is a reason to try the next one.
      if ((error as NodeJS.ErrnoException).syscall !== 'connect') throw error;
      failure = error as Error;
    } finally {
      limit?.cancel();
    }
  }
  throw new ClientConnectorError(host, port, failure);
}

function* connectOne(
  context: ConnectContext, origin: string, address: string, port: number,
): Coro<ClientConnection> {
  const { loop, pool, limits } = context;
  const connection = new ClientConnection(loop, pool, origin, address, port);
  pool.add(connection);
  limits.onExpire = (error) => connection._abort(error);
  let connected = false;
  try {
    yield* connection.connected;
    connected = true;
    return connection;
  } finally {
    limits.onExpire = null;
    if (!connected) connection._abort(null);
  }
}

function* resolve(context: ConnectContext, host: string, port: number): Coro<string[]> {
  const { loop, limits } = context;
  const lookup = loop._resolve(host, port, 0, 0);
  let expired: Error | null = null;
  limits.onExpire = (error) => {
    expired = error;
    lookup.cancel();
  };
  try {
    const found = yield* lookup;
    return [...new Set(found.map((one) => one.address))];
  } catch (error) {
    if (expired !== null) throw expired;
    if ((error as NodeJS.ErrnoException).syscall !== 'getaddrinfo') throw error;
    throw new ClientDNSError(host, port, error as Error);
  } finally {
    limits.onExpire = null;
  }
}

function connectTimedOut(seconds: number): Error {
  return new ConnectionTimeoutError(`no connection within ${seconds} s`);
}
