import type { EventLoop } from '../core/event-loop.ts';
import type { Future } from '../core/future.ts';
import type { ClientConnection, ConnectionOwner } from './client-connection.ts';
export declare class ConnectionPool implements ConnectionOwner {
    #private;
    /** @param limit - 0 for none; the same for `limitPerHost` */
    constructor(loop: EventLoop, limit: number, limitPerHost: number, keepAlive: number);
    get active(): number;
    /** Connections that exist, idle ones included. */
    get size(): number;
    get closed(): boolean;
    /**
     * Takes a slot at once, or says with a future when the caller has one.
     * @throws RuntimeError when the session is closed
     */
    acquire(name: string): Future<void> | null;
    /** Gives a slot back. */
    release(name: string): void;
    /** An idle connection for whoever holds a slot. */
    takeIdle(name: string): ClientConnection | null;
    /** A connection was made; one for a session that is closed meanwhile goes at once. */
    add(connection: ClientConnection): ClientConnection;
    /** Idle connections are closed; the others when `_returned`. @returns done once all are gone */
    close(): Future<void>;
    _returned(connection: ClientConnection, reusable: boolean): void;
    _draining(connection: ClientConnection): void;
    _closed(connection: ClientConnection): void;
}
