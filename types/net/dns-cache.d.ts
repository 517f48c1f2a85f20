import type { EventLoop } from '../core/loop/event-loop.ts';
import { type Duration } from '../core/support/duration.ts';
import type { Coro } from '../core/support/types.ts';
import { type NameResolver, type ResolvedAddress } from '../io/resolver.ts';
/** How a cache is made. */
export interface DnsCacheOptions {
    /** Name servers, `'10.0.0.1'` or `'10.0.0.1:5353'`; default: those of the system. */
    servers?: readonly string[];
    /** How long a name server may take; default 5 s. */
    timeout?: Duration;
    /** How often each is asked; default 2. */
    tries?: number;
    /** How long an answer counts at least, whatever its TTL; default 1 s. */
    minTtl?: Duration;
    /** And at most; default 5 minutes. */
    maxTtl?: Duration;
    /** How long it counts that a name has no address; default 5 s. 0: not at all. */
    negativeTtl?: Duration;
    /** Names that are kept, the oldest goes; default 1000. */
    maxEntries?: number;
    /** Begin with another address each time; default true. */
    rotate?: boolean;
    /** Names that need no server; default `'/etc/hosts'`. Null: none. */
    hostsFile?: string | null;
}
type Addresses = readonly ResolvedAddress[];
/**
 * Remembers addresses of names as long as name servers say they count (TTL), for a loop that
 * connects to the same names again and again. It asks name servers itself, through Node's
 * `dns.Resolver`, and reads the hosts file; names without a dot it leaves to the system, which may
 * know them from elsewhere. Equal questions at one time are one. In `runSync` the system is asked
 * for everything, because Node's resolver needs Node's loop.
 *
 * @example
 * getRunningLoop().setResolver(new DnsCache({ maxTtl: '1m' }));
 */
export declare class DnsCache implements NameResolver {
    #private;
    /** How many names were known, and how many had to be asked for. */
    hits: number;
    misses: number;
    constructor(options?: DnsCacheOptions);
    /** How many answers it has, old ones among them; a name has one for each family. */
    get size(): number;
    /** Forgets a name, or all. What is being asked now comes in all the same. */
    clear(host?: string): void;
    /** As {@link NameResolver}: known addresses at once, others later; a loop calls it. */
    resolve(host: string, family: 0 | 4 | 6, loop: EventLoop): Addresses | Coro<Addresses> | null;
    toString(): string;
}
