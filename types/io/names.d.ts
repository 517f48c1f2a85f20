import type { Address } from './resolver.ts';
import './resolver.ts';
/** A port number, or the name of a service such as `'http'`. */
export type Port = number | string;
/** 4, 6, or 0 for both. */
export type Family = 0 | 4 | 6;
/** A numeric address to bind or connect to. */
export type Endpoint = Address;
/** Options of address lookups. */
export interface AddressOptions {
    /** 4 or 6 for only those; 0 (default) for both. */
    family?: Family;
    /** Flags of getaddrinfo(3), for example `dns.ADDRCONFIG`; default 0. */
    flags?: number;
}
