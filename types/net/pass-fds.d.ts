import type { Future } from '../core/future/future.ts';
import { type SignalOptions } from '../tasks/abort.ts';
import { type Data } from '../io/data.ts';
import { type Socket } from '../io/socket.ts';
import { type Sending } from './sock-calls.ts';
/** A descriptor that is sent along: its number, or something that has one. */
export type PassedDescriptor = number | {
    readonly fd: number;
} | {
    fileno(): number;
};
/** How descriptors are sent. */
export interface SendFdsOptions extends SignalOptions {
    /** The path of the receiver, for sockets of datagrams that are not connected. */
    address?: string;
}
/** What `recvFds` gives. */
export interface ReceivedFds {
    /** The bytes; empty at the end of a stream. */
    readonly data: Buffer;
    /** Descriptors that came with them; the owner of this object closes them. */
    readonly fds: number[];
    /** More came than were wanted, or than this process could open; those are closed. */
    readonly truncated: boolean;
}
declare module '../core/loop/event-loop.ts' {
    interface EventLoop {
        /**
         * Sends bytes over a Unix socket, all of them, and open descriptors along with the first. The
         * receiver has descriptors of its own for the same files and sockets; those here must stay open
         * until the call is done, and are then the caller's to close.
         *
         * Cancelling it leaves sent what was sent, `bytesSent` says how much: with the first byte, or
         * the datagram, all descriptors have gone.
         *
         * @param data - at least one byte, but of datagrams; text as UTF-8
         * @param fds - numbers or objects with `fd` or `fileno()`, 253 at the most
         * @throws RangeError for another kind of socket, too many descriptors or no data; an error with
         * code `EBADF` when one is not open, `EPIPE`, `ETOOMANYREFS`, …; AbortError
         */
        sendFds(socket: Socket, data: Data, fds: readonly PassedDescriptor[], options?: SendFdsOptions): Sending<void>;
        /**
         * Receives at least one byte and at most `count` of a Unix socket, and the descriptors that
         * come along, `maxFds` at the most. They are closed when another program is started, and are
         * the caller's to close: `Socket.from(fd)`, or `fs.closeSync(fd)`. What `sockRecv` or a
         * transport receives comes without them, and they are closed.
         *
         * Cancelling is safe: bytes and descriptors that came at the last moment are there for the next
         * call, and are closed with the socket.
         * @throws RangeError for another kind of socket or count; an error with code `ECONNRESET`, …;
         * AbortError
         */
        recvFds(socket: Socket, count: number, maxFds: number, options?: SignalOptions): Future<ReceivedFds>;
    }
}
