/**
 * Adds the network methods to EventLoop. For users they are methods of the loop, but core must not
 * depend on net, so they are added here when `oxbow` is imported.
 */
import { EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';
import type { Callback } from '../core/loop/handle.ts';
import type { Socket } from '../io/socket.ts';
import type { SentFile } from '../io/file-source.ts';
import type { Sending } from './sock-calls.ts';
import { sendfileIn, type SendfileOptions, sockSendfileIn } from './sendfile.ts';
import { type AcceptedOptions, connectAcceptedSocketIn } from './connect-accepted.ts';
import { type ConnectionOptions, createConnectionIn } from './create-connection.ts';
import { connectReadPipeIn, connectWritePipeIn } from './connect-pipe.ts';
import { createServerIn, type Hosts, type ServerOptions } from './create-server.ts';
import type { Pipe, ReadTransport, WriteTransport } from './pipe-transport.ts';
import { createDatagramIn, type DatagramOptions } from './create-datagram.ts';
import type { DatagramProtocol } from './datagram-protocol.ts';
import type { DatagramTransport } from './datagram-transport.ts';
import type { AnyProtocol, ProtocolFactory } from './protocol.ts';
import type { Endpoint, Port } from '../io/names.ts';
import type { NameResolver } from '../io/resolver.ts';
import type { SocketAddress } from '../io/transport-socket.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import {
  getaddrinfoIn,
  getnameinfoIn,
  type LookupOptions,
  type NameOptions,
  setResolverOf,
} from './name-calls.ts';
import type { Tls } from '../tls/context.ts';
import type { Server } from './server.ts';
import { startTlsIn, type StartTlsOptions } from './start-tls.ts';
import type { Transport } from './transport.ts';
import { createUnixConnectionIn, type UnixConnectionOptions } from './unix-connection.ts';
import { createUnixServerIn, type UnixServerOptions } from './unix-server.ts';
import { addWatch, type Descriptor, removeWatch } from '../io/descriptor-watch.ts';

declare module '../core/loop/event-loop.ts' {
  interface EventLoop {
    /** As the function of the same name, on this loop. */
    createServer(
      protocolFactory: ProtocolFactory,
      host: Hosts,
      port: Port | null,
      options?: ServerOptions,
    ): Future<Server>;
    /** As the function of the same name, on this loop. */
    createConnection<P extends AnyProtocol>(
      protocolFactory: ProtocolFactory<P>,
      host: string | null,
      port: Port | null,
      options?: ConnectionOptions,
    ): Future<[Transport, P]>;
    /** As the function of the same name, on this loop. */
    createUnixServer(
      protocolFactory: ProtocolFactory,
      path: string | null,
      options?: UnixServerOptions,
    ): Future<Server>;
    /** As the function of the same name, on this loop. */
    createUnixConnection<P extends AnyProtocol>(
      protocolFactory: ProtocolFactory<P>,
      path: string | null,
      options?: UnixConnectionOptions,
    ): Future<[Transport, P]>;
    /**
     * Sends a file, or `count` bytes of it from `offset` on, over a transport: with the system's
     * sendfile(2), without copying the bytes, or, unless `fallback` is false, by reading and
     * writing it (over TLS, for files that are not regular, in simulated time). It first waits
     * until earlier writes are sent; until it is done, reading is paused and `write()` throws a
     * RuntimeError. The file's own position is neither used nor changed.
     *
     * Not cancel-safe: a cancelled call may have sent a part, and `bytesSent` of the future and of
     * its error says how much.
     * @param file - a FileHandle, an AsyncFile, or a descriptor, open for reading
     * @param count - in bytes; null (default) for all up to the end of the file
     * @returns how many bytes were sent: fewer than `count` if the file ends earlier
     * @throws RuntimeError when the transport is closing or sends a file already;
     * SendfileNotAvailableError with `fallback: false`; the error that ended the connection;
     * AbortError
     * @example yield* loop.sendfile(transport, file, 0, 1024);
     */
    sendfile(
      transport: Transport,
      file: SentFile,
      offset?: number,
      count?: number | null,
      options?: SendfileOptions,
    ): Sending<number>;
    /**
     * The same over a stream Socket. A cancel has the same effect as for `sockSendall`.
     */
    sockSendfile(
      socket: Socket,
      file: SentFile,
      offset?: number,
      count?: number | null,
      options?: SendfileOptions,
    ): Sending<number>;
    /**
     * Creates a transport for a connected socket that was accepted elsewhere: by `sockAccept`, or
     * by another process. The transport owns the socket from then on. With `tls` this is the server
     * side of a handshake, and the protocol starts when that is complete.
     *
     * Cancelling it closes the connection.
     * @returns `[transport, protocol]`, as `createConnection` does
     * @throws TypeError or RangeError when it is not a stream Socket; an error with a code;
     * TlsError, as `createConnection` with `tls`; AbortError when `signal` aborts
     */
    connectAcceptedSocket<P extends AnyProtocol>(
      protocolFactory: ProtocolFactory<P>,
      sock: Socket,
      options?: AcceptedOptions,
    ): Future<[Transport, P]>;
    /**
     * Upgrades an existing connection to TLS. Earlier writes are still sent in clear; bytes
     * received but not yet delivered go to the handshake; writes during the handshake wait for its
     * end. From then on `protocol` is called and the transport reads; `connectionMade` is not
     * called again. TLS inside TLS is possible.
     *
     * @returns a future of the same transport. When it fails or is cancelled, the connection is
     * closed, and `connectionLost` of its former protocol is called
     * @throws TlsError, as `createConnection` with `tls`; RuntimeError when the transport is
     * closing or one of its directions has ended
     * @example yield* loop.startTls(transport, protocol, true, { servername: 'mail.example' });
     */
    startTls(
      transport: Transport,
      protocol: AnyProtocol,
      tls: Tls,
      options?: StartTlsOptions,
    ): Future<Transport>;
    /**
     * Reads from the end of a pipe, a socket, a terminal or another character device with the
     * protocol that `protocolFactory()` creates. It never blocks, and other users of the same
     * terminal are not affected.
     *
     * @param pipe - a descriptor number, which the transport then owns and closes (0, 1 and 2 stay
     *   open); or an object with `fd` or `fileno()`, whose `close()` is called at the end
     * @returns a future of `[transport, protocol]`, done once `connectionMade` has returned;
     * cancelling it, or aborting `signal` until then, closes the pipe
     * @throws RangeError for a regular file and for what is not open for reading; RuntimeError when
     * another transport uses it
     * @example const [transport] = yield* loop.connectReadPipe(() => new Lines(), 0);
     */
    connectReadPipe<P extends AnyProtocol>(
      protocolFactory: ProtocolFactory<P>,
      pipe: Pipe,
      options?: SignalOptions,
    ): Future<[ReadTransport, P]>;
    /**
     * Writes to the end of a pipe; otherwise as `connectReadPipe`. The transport closes itself when
     * the reading end is closed.
     */
    connectWritePipe<P extends AnyProtocol>(
      protocolFactory: ProtocolFactory<P>,
      pipe: Pipe,
      options?: SignalOptions,
    ): Future<[WriteTransport, P]>;
    /**
     * The numeric addresses of a host. Names are looked up on the engine's own threads, so that a
     * slow one delays neither files nor other names; a numeric host is answered at once.
     * Cancel-safe.
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
    getnameinfo(
      address: SocketAddress,
      options?: NameOptions,
    ): Future<[host: string, service: string]>;
    /**
     * Sets a resolver, such as a {@link DnsCache}, that is asked for the addresses of names before
     * the system's resolver, by everything that connects in this loop. Null for the system's only.
     * @throws TypeError for what has no `resolve(host, family)`
     */
    setResolver(resolver: NameResolver | null): void;
    /** The resolver set by `setResolver`; null for the system's. */
    getResolver(): NameResolver | null;
    /** As the function of the same name, on this loop. */
    createDatagramEndpoint<P extends DatagramProtocol<any>>(
      protocolFactory: () => P,
      options?: DatagramOptions,
    ): Future<[DatagramTransport, P]>;
    /**
     * Calls `callback(...args)` in each turn in which the descriptor is readable, at its end, or
     * broken. A second call replaces the callback of the first; that of `addWriter` is separate.
     * The caller keeps the descriptor, and must call `removeReader` before closing it.
     *
     * @param descriptor - a number, or a Socket
     * @throws RangeError when it is not a descriptor; RuntimeError when a transport uses it, or the
     * loop is closed; an error with code `EBADF`, or `EPERM` for a regular file
     */
    addReader<A extends unknown[]>(descriptor: Descriptor, callback: Callback<A>, ...args: A): void;
    /** Removes the callback of `addReader`. @returns whether there was one */
    removeReader(descriptor: Descriptor): boolean;
    /** As `addReader`, for when the descriptor is writable. */
    addWriter<A extends unknown[]>(descriptor: Descriptor, callback: Callback<A>, ...args: A): void;
    /** Removes the callback of `addWriter`. @returns whether there was one */
    removeWriter(descriptor: Descriptor): boolean;
  }
}

const loopPrototype = EventLoop.prototype;

loopPrototype.sendfile = function sendfile(
  transport,
  file,
  offset = 0,
  count = null,
  options = {},
) {
  return sendfileIn(this, 'sendfile()', transport, file, offset, count, options);
};

loopPrototype.sockSendfile = function sockSendfile(
  socket,
  file,
  offset = 0,
  count = null,
  options = {},
) {
  return sockSendfileIn(this, socket, file, offset, count, options);
};

loopPrototype.connectAcceptedSocket = function connectAcceptedSocket(factory, sock, options) {
  return connectAcceptedSocketIn(this, factory, sock, options);
};

loopPrototype.createServer = function createServer(protocolFactory, host, port, options) {
  return createServerIn(this, protocolFactory, host, port, options);
};

loopPrototype.startTls = function startTls(transport, protocol, tls, options) {
  this._checkClosed();
  return startTlsIn(this, transport, protocol, tls, options);
};

loopPrototype.createConnection = function createConnection(protocolFactory, host, port, options) {
  return createConnectionIn(this, protocolFactory, host, port, options);
};

loopPrototype.createUnixServer = function createUnixServer(protocolFactory, path, options) {
  return createUnixServerIn(this, protocolFactory, path, options);
};

loopPrototype.createUnixConnection = function createUnixConnection(factory, path, options) {
  return createUnixConnectionIn(this, factory, path, options);
};

loopPrototype.connectReadPipe = function connectReadPipe(protocolFactory, pipe, options) {
  return connectReadPipeIn(this, protocolFactory, pipe, options);
};

loopPrototype.connectWritePipe = function connectWritePipe(protocolFactory, pipe, options) {
  return connectWritePipeIn(this, protocolFactory, pipe, options);
};

loopPrototype.createDatagramEndpoint = function createDatagramEndpoint(protocolFactory, options) {
  return createDatagramIn(this, protocolFactory, options);
};

loopPrototype.getaddrinfo = function getaddrinfo(host, port, options) {
  return getaddrinfoIn(this, host, port, options);
};

loopPrototype.getnameinfo = function getnameinfo(address, options) {
  return getnameinfoIn(this, address, options);
};

loopPrototype.setResolver = function setResolver(resolver) {
  setResolverOf(this, resolver);
};

loopPrototype.getResolver = function getResolver() {
  return this._nameResolver ?? null;
};

loopPrototype.addReader = function addReader(descriptor, callback, ...args) {
  addWatch(this, 'addReader', descriptor, 'reader', callback as Callback, args);
};

loopPrototype.removeReader = function removeReader(descriptor) {
  return removeWatch(this, 'removeReader', descriptor, 'reader');
};

loopPrototype.addWriter = function addWriter(descriptor, callback, ...args) {
  addWatch(this, 'addWriter', descriptor, 'writer', callback as Callback, args);
};

loopPrototype.removeWriter = function removeWriter(descriptor) {
  return removeWatch(this, 'removeWriter', descriptor, 'writer');
};
