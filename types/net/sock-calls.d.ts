import type { Future } from '../core/future/future.ts';
import { type SignalOptions } from '../tasks/abort.ts';
import { type Data } from '../io/data.ts';
import { type Port } from '../io/names.ts';
import { type AnySocketAddress, type Socket } from '../io/socket.ts';
/** Where to connect or send to: `[host, port]`, a name too, or the path of a Unix socket. */
export type SocketTarget = readonly [host: string, port: Port] | string;
/** A future of `sockSendall` and `sockSendfile`: how far it has come. */
export type Sending<T> = Future<T> & {
    /** Bytes sent so far; also on the error, when it is cancelled or fails. */
    readonly bytesSent: number;
};
declare module '../core/loop/event-loop.ts' {
    interface EventLoop {
        /**
         * Receives at least one byte and at most `count`; an empty Buffer at the end of a stream. Of a
         * socket of datagrams it gives one, cut off at `count`.
         *
         * Cancelling it is safe: what came at the last moment is there for the next call. Several may
         * wait for one socket, and are served in their order.
         * @throws an error with code `ECONNRESET`, …, or `EBADF` once the socket is closed; AbortError
         */
        sockRecv(socket: Socket, count: number, options?: SignalOptions): Future<Buffer>;
        /** The same into memory of the caller's. @returns how many bytes */
        sockRecvInto(socket: Socket, into: ArrayBufferView, options?: SignalOptions): Future<number>;
        /** As `sockRecv`, and whom it came from. */
        sockRecvfrom(socket: Socket, count: number, options?: SignalOptions): Future<[data: Buffer, address: AnySocketAddress]>;
        /**
         * As `sockRecvInto`, and whom it came from.
         * @param count - how many bytes at the most; 0 (default) for as many as there is room for
         * @throws RangeError when there is not so much room
         */
        sockRecvfromInto(socket: Socket, into: ArrayBufferView, count?: number, options?: SignalOptions): Future<[count: number, address: AnySocketAddress]>;
        /**
         * Sends all of it, text as UTF-8. Bytes must not be changed before it is done.
         *
         * Cancelling it leaves sent what was sent: `bytesSent` of the future, and of the error that it
         * ends with, says how much.
         */
        sockSendall(socket: Socket, data: Data, options?: SignalOptions): Sending<void>;
        /**
         * Sends one datagram. A name is looked up.
         * @returns how many bytes were sent. Cancelling is safe: it is sent as a whole or not at all
         */
        sockSendto(socket: Socket, data: Data, address: SocketTarget, options?: SignalOptions): Future<number>;
        /**
         * Connects. A name is looked up, and its first address of the socket's family is taken.
         *
         * Cancelling leaves the system's attempt to itself: close the socket, or call it again with the
         * same address.
         * @throws an error with code `ECONNREFUSED`, `ENOTFOUND`, …; AbortError
         */
        sockConnect(socket: Socket, address: SocketTarget, options?: SignalOptions): Future<void>;
        /**
         * Takes a connection of a socket that listens.
         * Cancelling is safe: one that came at the last moment is there for the next call.
         * @throws an error with code `EMFILE`, …; AbortError
         */
        sockAccept(socket: Socket, options?: SignalOptions): Future<[connection: Socket, address: AnySocketAddress]>;
    }
}
