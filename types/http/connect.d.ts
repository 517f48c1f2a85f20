/** From an origin to a connection: a slot of the pool, an idle connection, or a new one. */
import type { EventLoop } from '../core/event-loop.ts';
import type { Coro } from '../core/types.ts';
import type { MessageLimits } from '../native/binding.ts';
import { ClientConnection } from './client-connection.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { ClientTimeout } from './client-timeout.ts';
import type { RequestLimits } from './request-limits.ts';
/** What connecting needs to know; the same for every hop of a request. */
export interface ConnectContext {
    loop: EventLoop;
    pool: ConnectionPool;
    timeout: ClientTimeout;
    limits: RequestLimits;
    /** Of the heads of responses; null for the usual ones. */
    messageLimits: MessageLimits | null;
}
/**
 * A connection with its slot; both go back when the exchange on it ends. Cancelling the wait gives
 * back everything that was taken.
 *
 * @param fresh - whether it must be a new connection
 * @throws ClientConnectorError, ClientDNSError, ConnectionTimeoutError
 */
export declare function connectionFor(context: ConnectContext, url: URL, fresh: boolean): Coro<ClientConnection>;
