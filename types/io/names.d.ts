import type { EventLoop } from '../core/event-loop.ts';
import type { Future } from '../core/future.ts';
import type { Address } from '../core/resolver.ts';
import type { Coro } from '../core/types.ts';
/** A port number, or the name of a service such as `'http'`. */
export type Port = number | string;
/** 4, 6, or 0 for both. */
export type Family = 0 | 4 | 6;
/** A numeric address to bind or connect to. */
export type Endpoint = Address;
/** What `getaddrinfo` takes beside host and port. */
export interface AddressOptions {
    /** 4 or 6 for only those; 0 (default) for both. */
    family?: Family;
    /** Flags of getaddrinfo(3), for example `dns.ADDRCONFIG`; default 0. */
    flags?: number;
}
/** Refuses a port that is neither a number of TCP nor a service name. */
export declare function checkPort(port: unknown, name?: string): void;
/** Refuses a family that is none. */
export declare function checkFamily(family: unknown): void;
/** Refuses a host that is no name. */
export declare function checkHost(host: unknown, name?: string): void;
/**
 * The numeric addresses of a host: at once for numeric hosts, from a thread of the engine's for
 * names. Both families in the order of the system's resolver, without duplicates.
 */
export declare function endpointsOf(loop: EventLoop, host: string, port: Port, options?: AddressOptions): Coro<Endpoint[]>;
/** The same as a future that has begun. */
export declare function lookup(loop: EventLoop, host: string, port: Port, options: AddressOptions): Future<Endpoint[]>;
/** Without the endpoints that were there already. */
export declare function unique(endpoints: readonly Endpoint[]): Endpoint[];
