import type { EventLoop } from '../core/loop/event-loop.ts';
import { type Duration } from '../core/support/duration.ts';
import type { Coro } from '../core/support/types.ts';
import { type NameResolver, type ResolvedAddress } from '../io/resolver.ts';
/** Options of `new DnsCache`. */
export interface DnsCacheOptions {
    /** Name servers, `'10.0.0.1'` or `'10.0.0.1:5353'`; default: those of the system. */
    servers?: readonly string[];
    /** How long to wait for a name server; default 5 s. */
    timeout?: Duration;
    /** How many times each name server is tried; default 2. */
    tries?: number;
    /** The minimum time for which an answer is kept, whatever its TTL; default 1 s. */
    minTtl?: Duration;
    /** The maximum time for which an answer is kept, whatever its TTL; default 5 minutes. */
    maxTtl?: Duration;
    /** How long to remember that a name has no address; default 5 s; 0 for not at all. */
    negativeTtl?: Duration;
    /** How many answers are kept; the oldest is dropped. Default 1000. */
    maxEntries?: number;
    /** Whether to rotate the order of addresses; default true. */
    rotate?: boolean;
    /** The hosts file; default `'/etc/hosts'`, null for none. */
    hostsFile?: string | null;
}
type Addresses = readonly ResolvedAddress[];
/**
 * Caches the addresses of names for the TTL that name servers give, for a loop that connects to the
 * same names again and again. It asks name servers itself, through Node's `dns.Resolver`, and reads
 * the hosts file; names without a dot are left to the system's resolver, which may have other
 * sources. Equal lookups at the same time share one query. In `runSync` the system resolves
 * everything, because Node's resolver needs Node's loop.
 *
 * @example
 * getRunningLoop().setResolver(new DnsCache({ maxTtl: '1m' }));
 */
export declare class DnsCache implements NameResolver {
    #private;
    /** How many lookups were answered from the cache, and how many were not. */
    hits: number;
    misses: number;
    constructor(options?: DnsCacheOptions);
    /** How many answers it holds, including expired ones; a name has one for each family. */
    get size(): number;
    /** Removes one name, or all. Queries under way are still added when they are answered. */
    clear(host?: string): void;
    /**
     * Implements {@link NameResolver}: cached addresses at once, others later. Called by the loop.
     */
    resolve(host: string, family: 0 | 4 | 6, loop: EventLoop): Addresses | Coro<Addresses> | null;
    toString(): string;
}
