import type { ClientConnection } from './client-connection.ts';
/**
 * The idle connections of one origin, by age. The one that was used last is used next, so that what
 * a burst needed dies of age, and the others stay warm. A list through the connections themselves:
 * any of them can leave at any time.
 */
export declare class IdleConnections {
    #private;
    size: number;
    add(connection: ClientConnection): void;
    get oldest(): ClientConnection | null;
    get newest(): ClientConnection | null;
    /** @returns whether it was there */
    remove(connection: ClientConnection): boolean;
}
