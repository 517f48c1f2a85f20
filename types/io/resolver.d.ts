import { EventLoop } from '../core/loop/event-loop.ts';
import type { AwaitableLike } from '../core/support/types.ts';
/** A numeric address. */
export interface Address {
    address: string;
    port: number;
    /** 4 or 6. */
    family: 4 | 6;
}
/** An address of a name. */
export type ResolvedAddress = Pick<Address, 'address' | 'family'>;
/** Resolves names in place of the system's resolver (`loop.setResolver`). */
export interface NameResolver {
    /**
     * The addresses of a name, directly or as an awaitable; null to fall back to the system's
     * resolver.
     * @param host - a name, never a numeric address
     * @param family - 4 or 6 for only those, 0 for both
     * @throws should throw an error with `code` ENOTFOUND when there are none
     */
    resolve(host: string, family: 0 | 4 | 6, loop: EventLoop): readonly ResolvedAddress[] | AwaitableLike<readonly ResolvedAddress[]> | null;
}
/** The kind of socket that a service name is looked up for. */
export type ServiceType = 'stream' | 'datagram';
declare module '../core/loop/event-loop.ts' {
    interface EventLoop {
    }
}
