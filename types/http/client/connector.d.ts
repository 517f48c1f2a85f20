import type { Future } from '../../core/future/future.ts';
import type { Duration } from '../../core/support/duration.ts';
import type { NameResolver } from '../../io/resolver.ts';
import type { HeadLimits } from '../message/option-values.ts';
import type { SocketFactory } from './socket-race.ts';
/** Options of a {@link Connector}; a session without one takes the same. */
export interface ConnectorOptions {
    /** Requests under way at once; 100 by default, 0 for no limit. The others wait in turn. */
    limit?: number;
    /** The same for each host; 0, no limit, by default. */
    limitPerHost?: number;
    /**
     * How long an idle connection is kept; 15 s by default, 0 for not at all. A server that says
     * `Keep-Alive: timeout=5` is believed.
     */
    keepAliveTimeout?: Duration;
    /** Bounds of the heads of responses, with the names that `serve` has; more is an error. */
    limits?: HeadLimits;
    /** Our own address, or one of each family: others than those are not connected to. */
    localAddr?: string | readonly string[];
    /** 4 or 6 for only those addresses of a host; 0, both, by default. */
    family?: 0 | 4 | 6;
    /** The wait before the next address of a host is tried, too; 0.25 s by default (RFC 8305). */
    happyEyeballsDelay?: Duration;
    /** Who knows the addresses of names, such as a `DnsCache`; by default whom the loop asks. */
    resolver?: NameResolver | null;
    /**
     * Makes the socket of each connection, in either lane: with options of its own, bound to a device
     * or an address, or connected already, by way of whatever else. It is called for each address
     * that is tried, with `{ host, address, port, family }`; a socket that is not connected then is
     * connected there. It belongs to the connector from then on.
     */
    socketFactory?: SocketFactory | null;
}
/**
 * Connections that several sessions share, each with cookies, headers and limits on time of its
 * own: `new ClientSession({ connector })`. A session does not close the one that it was given.
 *
 * @throws RuntimeError outside a running loop; TypeError, RangeError that name the option
 * @example
 * await using connector = new Connector({ limit: 500, limitPerHost: 20, family: 4 });
 * const mine = new ClientSession({ connector, baseUrl: 'https://example.org/' });
 * const yours = new ClientSession({ connector, headers: { authorization } });
 */
export declare class Connector {
    constructor(options?: ConnectorOptions);
    /** Connections that are open now, idle ones included. */
    get connections(): number;
    /** Whether `close()` was called. */
    get closed(): boolean;
    /** Closes every connection; requests under way fail. @returns done when all are closed */
    close(): Future<void>;
    [Symbol.asyncDispose](): Promise<void>;
    toString(): string;
}
