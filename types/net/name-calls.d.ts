import { type AddressOptions } from '../io/names.ts';
import { type ServiceType } from '../io/resolver.ts';
import { type SignalOptions } from '../tasks/abort.ts';
/** Options of `getaddrinfo`. */
export interface LookupOptions extends AddressOptions, SignalOptions {
    /** What a service by name is looked up for: `'stream'` (TCP, the default) or `'datagram'`. */
    type?: ServiceType;
}
/** Options of `getnameinfo`. */
export interface NameOptions extends SignalOptions {
    /** Return the numeric address instead of the host's name; default false. */
    numericHost?: boolean;
    /** Return the port number instead of the service's name; default false. */
    numericService?: boolean;
    /** Fail with `ENOTFOUND` when the address has no name; default false: return the address then. */
    nameRequired?: boolean;
    /** Look up the service for datagrams (UDP) instead of TCP; default false. */
    datagram?: boolean;
}
