import type { Future } from '../core/future/future.ts';
import type { Callback } from '../core/loop/handle.ts';
import type { Socket } from '../io/socket.ts';
import type { SentFile } from '../io/file-source.ts';
import type { Sending } from './sock-calls.ts';
import { type SendfileOptions } from './sendfile.ts';
import { type AcceptedOptions } from './connect-accepted.ts';
import { type ConnectionOptions } from './create-connection.ts';
import { type Hosts, type ServerOptions } from './create-server.ts';
import type { Pipe, ReadTransport, WriteTransport } from './pipe-transport.ts';
import { type DatagramOptions } from './create-datagram.ts';
import type { DatagramProtocol } from './datagram-protocol.ts';
import type { DatagramTransport } from './datagram-transport.ts';
import type { AnyProtocol, ProtocolFactory } from './protocol.ts';
import type { Endpoint, Port } from '../io/names.ts';
import type { NameResolver } from '../io/resolver.ts';
import type { SocketAddress } from '../io/transport-socket.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { type LookupOptions, type NameOptions } from './name-calls.ts';
import type { Tls } from '../tls/context.ts';
import type { Server } from './server.ts';
import { type StartTlsOptions } from './start-tls.ts';
import type { Transport } from './transport.ts';
import { type UnixConnectionOptions } from './unix-connection.ts';
import { type UnixServerOptions } from './unix-server.ts';
import { type Descriptor } from '../io/descriptor-watch.ts';
declare module '../core/loop/event-loop.ts' {
    interface EventLoop {
        /** As the function of the same name, on this loop. */
        createServer(protocolFactory: ProtocolFactory, host: Hosts, port: Port | null, options?: ServerOptions): Future<Server>;
        /** As the function of the same name, on this loop. */
        createConnection<P extends AnyProtocol>(protocolFactory: ProtocolFactory<P>, host: string | null, port: Port | null, options?: ConnectionOptions): Future<[Transport, P]>;
        /** As the function of the same name, on this loop. */
        createUnixServer(protocolFactory: ProtocolFactory, path: string | null, options?: UnixServerOptions): Future<Server>;
        /** As the function of the same name, on this loop. */
        createUnixConnection<P extends AnyProtocol>(protocolFactory: ProtocolFactory<P>, path: string | null, options?: UnixConnectionOptions): Future<[Transport, P]>;
        /**
         * Sends a file, or `count` bytes of it from `offset` on, over a transport: with the system's
         * sendfile(2), so that the bytes are copied by nobody, or else, unless `fallback` is false, by
         * reading and writing it (over TLS, for anything but a regular file, in simulated time). It
         * waits until what was written before is sent; until it is done, reading is paused and
         * `write()` throws a RuntimeError. The file's own position does not matter, and stays.
         *
         * Cancelling it leaves sent what was sent: `bytesSent` of the future, and of the error that it
         * ends with, says how much.
         * @param file - a FileHandle, an AsyncFile, or a descriptor, open for reading
         * @param count - bytes; null (default) for all up to the end of the file
         * @returns how many bytes were sent: fewer than `count` when the file ends before
         * @throws RuntimeError when the transport is closing or sends a file already;
         * SendfileNotAvailableError with `fallback: false`; what has ended the connection; AbortError
         * @example yield* loop.sendfile(transport, file, 0, 1024);
         */
        sendfile(transport: Transport, file: SentFile, offset?: number, count?: number | null, options?: SendfileOptions): Sending<number>;
        /**
         * The same over a Socket of a stream. Cancelling it does as that of `sockSendall`.
         */
        sockSendfile(socket: Socket, file: SentFile, offset?: number, count?: number | null, options?: SendfileOptions): Sending<number>;
        /**
         * Makes a transport of a connected socket that was accepted elsewhere: by `sockAccept`, or by
         * another process. The socket is the transport's from then on. With `tls` we are the server of
         * a handshake, and the protocol begins when that is through.
         *
         * Cancelling it closes the connection.
         * @returns `[transport, protocol]`, as `createConnection` does
         * @throws TypeError or RangeError when it is no Socket of a stream; an error with a code;
         * TlsError, as `createConnection` with `tls`; AbortError when `signal` aborts
         */
        connectAcceptedSocket<P extends AnyProtocol>(protocolFactory: ProtocolFactory<P>, sock: Socket, options?: AcceptedOptions): Future<[Transport, P]>;
        /**
         * Makes a connection that stands one with TLS. What was written before leaves in clear; what
         * was received and not yet delivered goes to the handshake; what is written meanwhile waits for
         * its end. Then `protocol` is called from now on, and the transport reads; `connectionMade` is
         * not called again. TLS may stand on TLS.
         *
         * @returns a future of the same transport. When it fails or is cancelled, the connection is
         * closed, and the protocol that it had is told
         * @throws TlsError, as `createConnection` with `tls`; RuntimeError when the transport is
         * closing or one of its directions has ended
         * @example yield* loop.startTls(transport, protocol, true, { servername: 'mail.example' });
         */
        startTls(transport: Transport, protocol: AnyProtocol, tls: Tls, options?: StartTlsOptions): Future<Transport>;
        /**
         * Reads from the end of a pipe, a socket, a terminal or another character device with the
         * protocol that `protocolFactory()` makes. It never blocks, and others that have the terminal
         * open notice nothing.
         *
         * @param pipe - the number of its descriptor, which the transport then owns and closes
         *   (0, 1 and 2 stay open); or an object with `fd` or `fileno()`, whose `close()` is called at
         *   the end
         * @returns a future of `[transport, protocol]`, done once `connectionMade` has returned;
         * cancelling it, or aborting `signal` until then, closes the pipe
         * @throws RangeError for a regular file and for what is not open for reading; RuntimeError when
         * another transport uses it
         * @example const [transport] = yield* loop.connectReadPipe(() => new Lines(), 0);
         */
        connectReadPipe<P extends AnyProtocol>(protocolFactory: ProtocolFactory<P>, pipe: Pipe, options?: SignalOptions): Future<[ReadTransport, P]>;
        /**
         * Writes to the end of a pipe, and otherwise as `connectReadPipe`. The transport notices when
         * nobody reads from the other end any more, and closes.
         */
        connectWritePipe<P extends AnyProtocol>(protocolFactory: ProtocolFactory<P>, pipe: Pipe, options?: SignalOptions): Future<[WriteTransport, P]>;
        /**
         * The numeric addresses of a host, asked for on a thread of the engine's own, so that a slow
         * name holds up neither files nor other names; a numeric host is answered at once. Cancel-safe.
         *
         * @param host - null or '' for this machine: its loopback addresses, or with the flag
         *   `AI_PASSIVE` (1) those of every interface
         * @param port - a number, or the name of a service
         * @throws an error with code `ENOTFOUND` when there are no addresses, `EAI_AGAIN`, … as Node
         * names them; AbortError when `signal` aborts
         */
        getaddrinfo(host: string | null, port: Port, options?: LookupOptions): Future<Endpoint[]>;
        /**
         * The names of a numeric address: `[host, service]`. Cancel-safe.
         *
         * @throws RangeError for a host that is not numeric; an error with code `ENOTFOUND` with
         * `nameRequired` and no name, `EAI_AGAIN`, …; AbortError when `signal` aborts
         * @example const [host] = yield* loop.getnameinfo(transport.getExtraInfo('peername'));
         */
        getnameinfo(address: SocketAddress, options?: NameOptions): Future<[host: string, service: string]>;
        /**
         * Asks another resolver than the system's for the addresses of names, a {@link DnsCache} for
         * one: everything that connects in this loop does. Null: the system again.
         * @throws TypeError for what has no `resolve(host, family)`
         */
        setResolver(resolver: NameResolver | null): void;
        /** What `setResolver` has set; null: the system is asked. */
        getResolver(): NameResolver | null;
        /** As the function of the same name, on this loop. */
        createDatagramEndpoint<P extends DatagramProtocol<any>>(protocolFactory: () => P, options?: DatagramOptions): Future<[DatagramTransport, P]>;
        /**
         * Calls `callback(...args)` whenever the descriptor is readable, at its end, or broken: again
         * in each turn, as long as it is. A second call replaces the first; what `addWriter` has set
         * stays. The descriptor remains the caller's: `removeReader` before closing it.
         *
         * @param descriptor - a number, or a Socket
         * @throws RangeError when it is no descriptor; RuntimeError when a transport has it, or the
         * loop is closed; an error with code `EBADF`, or `EPERM` for a regular file
         */
        addReader<A extends unknown[]>(descriptor: Descriptor, callback: Callback<A>, ...args: A): void;
        /** Takes `addReader` back. @returns whether there was something to take back */
        removeReader(descriptor: Descriptor): boolean;
        /** The same for writing. */
        addWriter<A extends unknown[]>(descriptor: Descriptor, callback: Callback<A>, ...args: A): void;
        /** Takes `addWriter` back. @returns whether there was something to take back */
        removeWriter(descriptor: Descriptor): boolean;
    }
}
