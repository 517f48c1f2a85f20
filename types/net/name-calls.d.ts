import { type AddressOptions } from '../io/names.ts';
import { type ServiceType } from '../io/resolver.ts';
import { type SignalOptions } from '../tasks/abort.ts';
/** What `getaddrinfo` takes beside host and port. */
export interface LookupOptions extends AddressOptions, SignalOptions {
    /** What a service by name is looked up for: `'stream'` (TCP, the default) or `'datagram'`. */
    type?: ServiceType;
}
/** What `getnameinfo` takes beside the address. */
export interface NameOptions extends SignalOptions {
    /** The address itself in place of the host's name; default false. */
    numericHost?: boolean;
    /** The port itself in place of the service's name; default false. */
    numericService?: boolean;
    /** Fail with `ENOTFOUND` when the address has no name; default false: then it is the host. */
    nameRequired?: boolean;
    /** The service is one of datagrams; default false. */
    datagram?: boolean;
}
