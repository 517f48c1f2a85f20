import type { Future } from '../../core/future/future.ts';
import type { Duration } from '../../core/support/duration.ts';
import type { NameResolver } from '../../io/resolver.ts';
import type { HeadLimits } from '../message/option-values.ts';
import type { SocketFactory } from './socket-race.ts';
/** Options of a {@link Connector}; a session without a connector takes them itself. */
export interface ConnectorOptions {
    /**
     * How many requests may be in progress at once; default 100, 0 for no limit. Others wait in turn.
     */
    limit?: number;
    /** The same for each origin; default 0, no limit. */
    limitPerHost?: number;
    /**
     * How long an idle connection is kept; default 15 s, 0 for not at all. A server's `Keep-Alive:
     * timeout=5` shortens it.
     */
    keepAliveTimeout?: Duration;
    /** Limits for the heads of responses, named as in `serve`; exceeding one is an error. */
    limits?: HeadLimits;
    /**
     * The local address to connect from, or one per family; addresses of other families are not
     * tried.
     */
    localAddr?: string | readonly string[];
    /** 4 or 6 to use only those addresses of a host; default 0, both. */
    family?: 0 | 4 | 6;
    /** How long to wait before the next address is tried in parallel; default 0.25 s (RFC 8305). */
    happyEyeballsDelay?: Duration;
    /** Resolves host names, for example a `DnsCache`; default: the loop's resolver. */
    resolver?: NameResolver | null;
    /**
     * Creates the socket of each connection, as a coroutine or an async function: for example with
     * its own options, bound to a device or an address, or already connected through something else.
     * It is called with `{ host, address, port, family }` for each address that is tried; a socket
     * that is not yet connected is then connected to that address. The connector owns the socket from
     * then on.
     */
    socketFactory?: SocketFactory | null;
}
/**
 * Connections shared by several sessions, each with its own cookies, headers and timeouts: `new
 * ClientSession({ connector })`. A session does not close a connector that it was given.
 *
 * @throws RuntimeError outside a running loop; TypeError or RangeError naming the option
 * @example
 * await using connector = new Connector({ limit: 500, limitPerHost: 20, family: 4 });
 * const mine = new ClientSession({ connector, baseUrl: 'https://example.org/' });
 * const yours = new ClientSession({ connector, headers: { authorization } });
 */
export declare class Connector {
    constructor(options?: ConnectorOptions);
    /** How many connections are open, including idle ones. */
    get connections(): number;
    /** Whether `close()` was called. */
    get closed(): boolean;
    /** Closes every connection; requests in progress fail. @returns done when all are closed */
    close(): Future<void>;
    [Symbol.asyncDispose](): Promise<void>;
    toString(): string;
}
