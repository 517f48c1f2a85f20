import { type AskedOption, type SocketOption } from './socket-options.ts';
import type { AnySocketAddress } from './transport-socket.ts';
/** 4 and 6 for IP, `'unix'` for sockets within this machine. */
export type SocketFamily = 4 | 6 | 'unix';
/** A stream of bytes, single datagrams, or (Unix sockets) a stream of datagrams. */
export type SocketType = 'stream' | 'datagram' | 'seqpacket';
export type { AnySocketAddress } from './transport-socket.ts';
/** Options of `new Socket`. */
export interface SocketOptions {
    /** Default 4. */
    family?: SocketFamily;
    /** Default `'stream'`. */
    type?: SocketType;
    /** Protocol number; default 0, the usual one for family and type. */
    proto?: number;
}
/**
 * An operating system socket. It never blocks, is closed on exec, and belongs to its creator until
 * it is closed, detached, or handed to a call that takes it over (`createConnection({ sock })`,
 * `createServer({ sock })`, `connectAcceptedSocket`).
 *
 * To wait for it, use the loop's methods: `loop.sockRecv(socket, 65536)` and so on.
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
    /** The name that `activatedSockets` found for it, else empty. */
    readonly name: string;
    /** @throws RangeError for invalid options; an error with `code` (`EMFILE`, …) from the system */
    constructor(options?: SocketOptions);
    /**
     * Takes over a socket that was opened elsewhere, by its descriptor: it is made non-blocking,
     * and is closed with this one.
     * @throws an error with code `ENOTSOCK` or `EBADF` when it is not a socket, and `EAFNOSUPPORT` or
     * `EPROTOTYPE` for a kind that is neither IP nor Unix, neither stream nor datagram
     */
    static from(descriptor: number): Socket;
    /** Two connected Unix sockets, as from socketpair(2). */
    static pair(options?: {
        type?: SocketType;
    }): [Socket, Socket];
    /** Its descriptor number, -1 once it is closed or detached. */
    fileno(): number;
    /**
     * Binds it to a local address.
     * @param address - `[host, port]` with a numeric host, port 0 for any free one; for a Unix socket
     * a path, or a NUL followed by an abstract name (Linux)
     * @throws an error with code `EADDRINUSE`, `EACCES`, …
     */
    bind(address: AnySocketAddress): void;
    /**
     * Starts listening; `loop.sockAccept` accepts. @param backlog - how many connections may queue
     */
    listen(backlog?: number): void;
    /** Ends one direction or both: `'read'`, `'write'`, `'both'` (default). */
    shutdown(how?: 'read' | 'write' | 'both'): void;
    /**
     * Sets an option.
     * @throws RangeError or TypeError for an unknown option or invalid value; an error with code
     * `ENOPROTOOPT` when this socket or system does not have the option
     */
    setsockopt(name: SocketOption, value: boolean | number | null): void;
    /** The value of an option: true or false, a number, or null for no `linger`. */
    getsockopt(name: AskedOption): boolean | number | null;
    /** Its own address: `[host, port]`, or the path of a Unix socket, empty when it has none. */
    getsockname(): AnySocketAddress;
    /** The address of the peer. @throws an error with code `ENOTCONN` when it is not connected */
    getpeername(): AnySocketAddress;
    /**
     * Another Socket with a duplicate descriptor for the same system socket, which is closed when
     * both are. So two loops in two threads can accept from one port.
     * @throws an error with code `EMFILE` when there are no more descriptors
     */
    dup(): Socket;
    /** Returns the descriptor, which the caller must close from now on. Calls waiting for it fail. */
    detach(): number;
    /** Closes it. Calls waiting for it fail with code `EBADF`. May be repeated. */
    close(): void;
    /** `using`: closes it. */
    [Symbol.dispose](): void;
    toString(): string;
}
