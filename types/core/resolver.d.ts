/** Names to addresses: getaddrinfo on a thread of the engine's own. */
import type { EventLoop } from './event-loop.ts';
import { Future } from './future.ts';
/** A numeric address. */
export interface Address {
    address: string;
    port: number;
    /** 4 or 6. */
    family: 4 | 6;
}
export declare class Resolver {
    #private;
    constructor(loop: EventLoop);
    /**
     * @param service - a port number, or the name of a service
     * @param family - 0 for both, 4, 6
     */
    resolve(host: string, service: number | string, family: number, flags: number): Future<Address[]>;
    /** The engine has an answer. */
    complete(request: number, words: Int32Array, at: number): void;
}
