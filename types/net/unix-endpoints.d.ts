/** Unix sockets in the running loop: protocols and streams. */
import type { Future } from '../core/future/future.ts';
import type { AnyProtocol, ProtocolFactory } from './protocol.ts';
import type { Server } from './server.ts';
import { StreamReader } from './stream-reader.ts';
import type { StreamWriter } from './stream-writer.ts';
import { type ClientConnected } from './streams.ts';
import type { Transport } from './transport.ts';
import { type UnixConnectionOptions } from './unix-connection.ts';
import { type UnixServerOptions } from './unix-server.ts';
/**
 * Connects to a Unix socket from the running loop. It waits while the server's backlog is full.
 *
 * @param path - of the socket's file, about 100 bytes at most; after a NUL an abstract name
 * (Linux); null with `sock`
 * @returns a future of `[transport, protocol]`, done once `connectionMade` has returned;
 * cancelling it closes what was under way
 * @throws an error with code `ENOENT`, `ECONNREFUSED`, `EACCES`, `ENAMETOOLONG`, …; AbortError when
 * `signal` aborts; what the factory or `connectionMade` throws
 * @example
 * const [transport] = yield* createUnixConnection(() => new Client(), '/run/app.sock');
 */
export declare function createUnixConnection<P extends AnyProtocol>(protocolFactory: ProtocolFactory<P>, path: string | null, options?: UnixConnectionOptions): Future<[Transport, P]>;
/**
 * Listens on a Unix socket in the running loop. An existing socket file at `path` is replaced; any
 * other file is an error with code `EADDRINUSE`. The file is removed when the server closes.
 *
 * @param path - of the socket's file, about 100 bytes at most; after a NUL an abstract name
 * (Linux); null with `sock`
 * @returns a future of the Server; cancelling it before it is done leaves nothing open
 * @throws an error with code `EADDRINUSE`, `EACCES`, `ENAMETOOLONG`, …
 * @example
 * const server = yield* createUnixServer(() => new Echo(), '/run/app.sock', { mode: 0o660 });
 */
export declare function createUnixServer(protocolFactory: ProtocolFactory, path: string | null, options?: UnixServerOptions): Future<Server>;
/**
 * Connects to a Unix socket; a future of `[reader, writer]`.
 *
 * @param options - as for `createUnixConnection`, and `limit` for the reader (1 MiB)
 * @example const [reader, writer] = yield* openUnixConnection('/run/app.sock');
 */
export declare function openUnixConnection(path: string | null, options?: UnixConnectionOptions & {
    limit?: number;
}): Future<[StreamReader, StreamWriter]>;
/**
 * Listens on a Unix socket, and calls `clientConnected(reader, writer)` for each connection, as
 * `startServer` does.
 *
 * @param options - as for `createUnixServer`, and `limit` for the readers (1 MiB)
 */
export declare function startUnixServer(clientConnected: ClientConnected, path: string | null, options?: UnixServerOptions & {
    limit?: number;
}): Future<Server>;
