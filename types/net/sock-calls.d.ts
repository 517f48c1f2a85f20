import type { Future } from '../core/future/future.ts';
import { type SignalOptions } from '../tasks/abort.ts';
import { type Data } from '../io/data.ts';
import { type Port } from '../io/names.ts';
import { type AnySocketAddress, type Socket } from '../io/socket.ts';
/** An address to connect or send to: `[host, port]`, or the path of a Unix socket. */
export type SocketTarget = readonly [host: string, port: Port] | string;
/** The future of `sockSendall` and `sockSendfile`, with its progress. */
export type Sending<T> = Future<T> & {
    /** Bytes sent so far; also a property of the error when it is cancelled or fails. */
    readonly bytesSent: number;
};
declare module '../core/loop/event-loop.ts' {
    interface EventLoop {
        /**
         * Receives at least one and at most `count` bytes; an empty Buffer at the end of a stream. On a
         * datagram socket it receives one datagram, truncated to `count` bytes.
         *
         * Cancel-safe: data received at the last moment is kept for the next call. Several calls may
         * wait for one socket; they are served in order.
         * @throws an error with code `ECONNRESET`, …, or `EBADF` once the socket is closed; AbortError
         */
        sockRecv(socket: Socket, count: number, options?: SignalOptions): Future<Buffer>;
        /** The same into the caller's memory. @returns how many bytes were received */
        sockRecvInto(socket: Socket, into: ArrayBufferView, options?: SignalOptions): Future<number>;
        /** As `sockRecv`, together with the sender's address. */
        sockRecvfrom(socket: Socket, count: number, options?: SignalOptions): Future<[data: Buffer, address: AnySocketAddress]>;
        /**
         * As `sockRecvInto`, together with the sender's address.
         * @param count - the most bytes to receive; 0 (default) for as many as fit
         * @throws RangeError when `count` is more than the memory has
         */
        sockRecvfromInto(socket: Socket, into: ArrayBufferView, count?: number, options?: SignalOptions): Future<[count: number, address: AnySocketAddress]>;
        /**
         * Sends all of `data`, text as UTF-8. Bytes must not be changed until it is done.
         *
         * Not cancel-safe: a cancelled call may have sent a part, and `bytesSent` of the future and of
         * its error says how much.
         */
        sockSendall(socket: Socket, data: Data, options?: SignalOptions): Sending<void>;
        /**
         * Sends one datagram. A name is looked up.
         * @returns how many bytes were sent. Cancel-safe: it is sent as a whole or not at all
         */
        sockSendto(socket: Socket, data: Data, address: SocketTarget, options?: SignalOptions): Future<number>;
        /**
         * Connects. A name is looked up, and its first address of the socket's family is taken.
         *
         * A cancel does not stop the system's attempt: close the socket, or call again with the same
         * address.
         * @throws an error with code `ECONNREFUSED`, `ENOTFOUND`, …; AbortError
         */
        sockConnect(socket: Socket, address: SocketTarget, options?: SignalOptions): Future<void>;
        /**
         * Accepts a connection on a listening socket.
         * Cancel-safe: a connection accepted at the last moment is kept for the next call.
         * @throws an error with code `EMFILE`, …; AbortError
         */
        sockAccept(socket: Socket, options?: SignalOptions): Future<[connection: Socket, address: AnySocketAddress]>;
    }
}
