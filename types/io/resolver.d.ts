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
/** Who knows the addresses of names, in place of the system's resolver (`loop.setResolver`). */
export interface NameResolver {
    /**
     * The addresses of a name, now or later; null: the system is to be asked.
     * @param host - never numeric
     * @param family - 4 or 6 for only those, 0 for both
     * @throws at best an error with `code` ENOTFOUND when there are none
     */
    resolve(host: string, family: 0 | 4 | 6, loop: EventLoop): readonly ResolvedAddress[] | AwaitableLike<readonly ResolvedAddress[]> | null;
}
/** What a service that is not a number is looked up for. */
export type ServiceType = 'stream' | 'datagram';
declare module '../core/loop/event-loop.ts' {
    interface EventLoop {
    }
}
