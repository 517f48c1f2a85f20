import type { Future } from '../core/future/future.ts';
import { type ConnectionOptions, createConnectionIn } from './create-connection.ts';
import { createServerIn, type Hosts, type ServerOptions } from './create-server.ts';
import type { AnyProtocol, ProtocolFactory } from './protocol.ts';
import type { Port } from '../io/names.ts';
import { loopWithNetwork } from './running-loop.ts';
import type { Server } from './server.ts';
import type { Transport } from './transport.ts';

/**
 * Listens for TCP connections in the running loop. `protocolFactory()` creates the protocol of
 * each.
 *
 * @param host - a name, an address or a list of them; null or '' for every interface
 * @param port - null with `sock`; 0 for any free one (the same for every address where possible);
 * see `server.sockets`
 * @returns a future of the Server; cancelling it before it is done leaves nothing open
 * @throws an error with code `EADDRINUSE`, `EACCES`, …; RuntimeError when no loop is running
 * @example
 * const server = yield* createServer(() => new Echo(), '127.0.0.1', 8888);
 * yield* server.serveForever();
 */
export function createServer(
  protocolFactory: ProtocolFactory,
  host: Hosts,
  port: Port | null,
  options: ServerOptions = {},
): Future<Server> {
  const loop = loopWithNetwork('createServer()');
  return createServerIn(loop, protocolFactory, host, port, options);
}

/**
 * Connects to a TCP server from the running loop.
 *
 * @param host - a name or numeric address; null or '' for this machine
 * @returns a future of `[transport, protocol]`, done once `connectionMade` has returned;
 * cancelling it closes what was under way
 * @throws an error with code `ECONNREFUSED`, `ENOTFOUND`, …; AbortError when `signal` aborts; what
 * the factory or `connectionMade` throws
 * @example
 * const [transport, protocol] = yield* createConnection(() => new Client(), 'localhost', 8888);
 */
export function createConnection<P extends AnyProtocol>(
  protocolFactory: ProtocolFactory<P>,
  host: string | null,
  port: Port | null,
  options: ConnectionOptions = {},
): Future<[Transport, P]> {
  const loop = loopWithNetwork('createConnection()');
  return createConnectionIn(loop, protocolFactory, host, port, options);
}
