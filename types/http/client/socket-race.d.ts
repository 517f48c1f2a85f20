import type { Coro } from '../../core/support/types.ts';
import { Socket } from '../../io/socket.ts';
/** Where a socket is to be connected. */
export interface SocketPlace {
    /** The host in the URL, or of the proxy; for a Unix socket its path. */
    readonly host: string;
    /** The address to connect to; for a Unix socket its path. */
    readonly address: string;
    /** 0 for a Unix socket. */
    readonly port: number;
    /** The address family. */
    readonly family: 4 | 6 | 'unix';
}
/** Creates a socket, in either lane; it may already be connected. */
export type SocketFactory = (place: SocketPlace) => Socket | PromiseLike<Socket> | Coro<Socket>;
