import type { Coro } from '../../core/support/types.ts';
import { Socket } from '../../io/socket.ts';
/** Where a socket is to be connected to. */
export interface SocketPlace {
    /** As in the URL, or of the proxy; of a Unix socket its path. */
    readonly host: string;
    /** One of its addresses; the path of a Unix socket. */
    readonly address: string;
    /** 0 of a Unix socket. */
    readonly port: number;
    readonly family: 4 | 6 | 'unix';
}
/** Makes a socket, in either lane: one to be connected, or one that is. */
export type SocketFactory = (place: SocketPlace) => Socket | PromiseLike<Socket> | Coro<Socket>;
