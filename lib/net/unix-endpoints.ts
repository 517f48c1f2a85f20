/** Unix sockets in the running loop: protocols and streams. */
import type { Future } from '../core/future/future.ts';
import { checkOptions } from '../core/support/options.ts';
import type { AnyProtocol, ProtocolFactory } from './protocol.ts';
import { loopWithNetwork } from './running-loop.ts';
import type { Server } from './server.ts';
import { checkLimit, DEFAULT_LIMIT, StreamReader } from './stream-reader.ts';
import { StreamProtocol } from './stream-protocol.ts';
import type { StreamWriter } from './stream-writer.ts';
import {
  checkClientConnected,
  type ClientConnected,
  clientProtocols,
  streamsOf,
  streamsTaken,
} from './streams.ts';
import type { Transport } from './transport.ts';
import {
  createUnixConnectionIn,
  UNIX_CONNECTION_OPTIONS,
  type UnixConnectionOptions,
} from './unix-connection.ts';
import { createUnixServerIn, UNIX_SERVER_OPTIONS, type UnixServerOptions } from './unix-server.ts';

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
export function createUnixConnection<P extends AnyProtocol>(
  protocolFactory: ProtocolFactory<P>,
  path: string | null,
  options: UnixConnectionOptions = {},
): Future<[Transport, P]> {
  const loop = loopWithNetwork('createUnixConnection()');
  return createUnixConnectionIn(loop, protocolFactory, path, options);
}

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
export function createUnixServer(
  protocolFactory: ProtocolFactory,
  path: string | null,
  options: UnixServerOptions = {},
): Future<Server> {
  const loop = loopWithNetwork('createUnixServer()');
  return createUnixServerIn(loop, protocolFactory, path, options);
}

/**
 * Connects to a Unix socket; a future of `[reader, writer]`.
 *
 * @param options - as for `createUnixConnection`, and `limit` for the reader (1 MiB)
 * @example const [reader, writer] = yield* openUnixConnection('/run/app.sock');
 */
export function openUnixConnection(
  path: string | null,
  options: UnixConnectionOptions & { limit?: number } = {},
): Future<[StreamReader, StreamWriter]> {
  const where = 'openUnixConnection()';
  const loop = loopWithNetwork(where);
  checkOptions(where, options, ['limit', ...UNIX_CONNECTION_OPTIONS]);
  const { limit = DEFAULT_LIMIT, ...others } = options;
  checkLimit(limit);
  const factory = (): StreamProtocol => new StreamProtocol(new StreamReader({ limit, loop }));
  // At once: a cancel before the first step would leave the connection to nobody.
  const connecting = createUnixConnectionIn(loop, factory, path, others, where);
  return streamsTaken(loop._startTask(streamsOf(connecting)));
}

/**
 * Listens on a Unix socket, and calls `clientConnected(reader, writer)` for each connection, as
 * `startServer` does.
 *
 * @param options - as for `createUnixServer`, and `limit` for the readers (1 MiB)
 */
export function startUnixServer(
  clientConnected: ClientConnected,
  path: string | null,
  options: UnixServerOptions & { limit?: number } = {},
): Future<Server> {
  const where = 'startUnixServer()';
  checkClientConnected(clientConnected);
  const loop = loopWithNetwork(where);
  checkOptions(where, options, ['limit', ...UNIX_SERVER_OPTIONS]);
  const { limit = DEFAULT_LIMIT, ...others } = options;
  checkLimit(limit);
  const factory = clientProtocols(loop, clientConnected, limit);
  return createUnixServerIn(loop, factory, path, others, where);
}
