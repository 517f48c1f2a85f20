import type { Future } from '../core/future/future.ts';
import { type SignalOptions } from '../tasks/abort.ts';
import { type Data } from '../io/data.ts';
import { type Socket } from '../io/socket.ts';
import { type Sending } from './sock-calls.ts';
/** A descriptor to send: its number, or an object with `fd` or `fileno()`. */
export type PassedDescriptor = number | {
    readonly fd: number;
} | {
    fileno(): number;
};
/** Options of `sendFds`. */
export interface SendFdsOptions extends SignalOptions {
    /** The path of the receiver, for datagram sockets that are not connected. */
    address?: string;
}
/** The result of `recvFds`. */
export interface ReceivedFds {
    /** The bytes; empty at the end of a stream. */
    readonly data: Buffer;
    /** The received descriptors, which the caller must close. */
    readonly fds: number[];
    /**
     * Whether more descriptors arrived than `maxFds` or than the process can open: they are closed.
     */
    readonly truncated: boolean;
}
declare module '../core/loop/event-loop.ts' {
    interface EventLoop {
        /**
         * Sends all bytes over a Unix socket, and open descriptors along with the first byte. The
         * receiver gets its own descriptors for the same files and sockets; the caller's must stay open
         * until the call is done, and remain the caller's to close.
         *
         * Not cancel-safe: `bytesSent` says how much was sent. The descriptors go with the first byte,
         * or with the datagram.
         *
         * @param data - at least one byte, unless it is a datagram; text as UTF-8
         * @param fds - numbers or objects with `fd` or `fileno()`, at most 253
         * @throws RangeError for another kind of socket, too many descriptors or no data; an error with
         * code `EBADF` when one is not open, `EPIPE`, `ETOOMANYREFS`, …; AbortError
         */
        sendFds(socket: Socket, data: Data, fds: readonly PassedDescriptor[], options?: SendFdsOptions): Sending<void>;
        /**
         * Receives from a Unix socket at least one and at most `count` bytes, and at most `maxFds`
         * descriptors that were sent with them. Those are close-on-exec, and the caller must close
         * them: `Socket.from(fd)`, or `fs.closeSync(fd)`. `sockRecv` and transports close such
         * descriptors.
         *
         * Cancel-safe: bytes and descriptors received at the last moment are kept for the next call,
         * and closed with the socket.
         * @throws RangeError for another kind of socket or count; an error with code `ECONNRESET`, …;
         * AbortError
         */
        recvFds(socket: Socket, count: number, maxFds: number, options?: SignalOptions): Future<ReceivedFds>;
    }
}
