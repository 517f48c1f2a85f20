import { type AskedOption, type SocketOption } from './socket-options.ts';
import type { AnySocketAddress } from './transport-socket.ts';
/** 4 and 6 for IP, `'unix'` for sockets within this machine. */
export type SocketFamily = 4 | 6 | 'unix';
/** A stream of bytes, single datagrams, or (Unix sockets) a stream of datagrams. */
export type SocketType = 'stream' | 'datagram' | 'seqpacket';
export type { AnySocketAddress } from './transport-socket.ts';
/** How a socket is made. */
export interface SocketOptions {
    /** Default 4. */
    family?: SocketFamily;
    /** Default `'stream'`. */
    type?: SocketType;
    /** Number of the protocol; default 0, the usual one of family and type. */
    proto?: number;
}
/**
 * A socket of the system's. It never blocks, is closed when another program is started, and belongs
 * to its maker until it is closed, detached, or handed to a call that takes it over
 * (`createConnection({ sock })`, `createServer({ sock })`, `connectAcceptedSocket`).
 *
 * What waits are the loop's calls, `loop.sockRecv(socket, 65536)` and so on.
 *
 * @example
 * using socket = new Socket({ family: 4, type: 'stream' });
 * socket.setsockopt('keepAlive', true);
 * yield* loop.sockConnect(socket, ['127.0.0.1', 8888]);
 * yield* loop.sockSendall(socket, 'hello\n');
 * const answer = yield* loop.sockRecv(socket, 4096);
 */
export declare class Socket {
    #private;
    readonly family: SocketFamily;
    readonly type: SocketType;
    readonly proto: number;
    /** What it is called where it came from: of `activatedSockets`, else empty. */
    readonly name: string;
    /** @throws RangeError for a kind that there is not; an error with `code` when there is no more */
    constructor(options?: SocketOptions);
    /**
     * Takes over a socket that was opened elsewhere, by its descriptor: it is made non-blocking,
     * and is closed with this one.
     * @throws an error with code `ENOTSOCK` or `EBADF` when it is not a socket, and `EAFNOSUPPORT` or
     * `EPROTOTYPE` for a kind that is neither IP nor Unix, neither stream nor datagram
     */
    static from(descriptor: number): Socket;
    /** Two Unix sockets that are connected to each other. */
    static pair(options?: {
        type?: SocketType;
    }): [Socket, Socket];
    /** Its descriptor's number, -1 once it is closed or detached. */
    fileno(): number;
    /**
     * Gives it an address of its own.
     * @param address - `[host, port]` with a numeric host, port 0 for any free one; of a Unix socket
     * its path, or after NUL a name that is in no folder (Linux)
     * @throws an error with code `EADDRINUSE`, `EACCES`, …
     */
    bind(address: AnySocketAddress): void;
    /** Lets others connect; `loop.sockAccept` takes them. @param backlog - how many may wait */
    listen(backlog?: number): void;
    /** Ends one direction or both: `'read'`, `'write'`, `'both'` (default). */
    shutdown(how?: 'read' | 'write' | 'both'): void;
    /**
     * Sets an option.
     * @throws RangeError or TypeError when there is no such option or value; an error with code
     * `ENOPROTOOPT` when this socket or system has it not
     */
    setsockopt(name: SocketOption, value: boolean | number | null): void;
    /** The value of an option: true or false, a number, or null for no `linger`. */
    getsockopt(name: AskedOption): boolean | number | null;
    /** Its own address: `[host, port]`, or the path of a Unix socket, empty when it has none. */
    getsockname(): AnySocketAddress;
    /** The address of whom it is connected to. */
    getpeername(): AnySocketAddress;
    /**
     * Another socket object, with a descriptor of its own, over the same socket of the system: that
     * one ends when both are closed. So two loops, in two threads, may accept from one port.
     * @throws an error with code `EMFILE` when there are no more descriptors
     */
    dup(): Socket;
    /** Gives the descriptor away: it is the caller's to close. What waits for it fails. */
    detach(): number;
    /** Closes it. What waits for it fails with code `EBADF`. May be repeated. */
    close(): void;
    /** `using`: closes it. */
    [Symbol.dispose](): void;
    toString(): string;
}
