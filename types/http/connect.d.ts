/** From an origin to a connection: a slot of the pool, an idle connection, or a new one. */
import type { EventLoop } from '../core/event-loop.ts';
import type { Coro } from '../core/types.ts';
import { ClientConnection } from './client-connection.ts';
import type { ClientTimeout } from './client-timeout.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { Limits } from './limits.ts';
/**
 * Cancelling gives back everything that was taken.
 * @throws ClientConnectorError, ClientDNSError, ConnectionTimeoutError
 */
export declare function connectionFor(loop: EventLoop, pool: ConnectionPool, url: URL, timeout: ClientTimeout, limits: Limits): Coro<ClientConnection>;
