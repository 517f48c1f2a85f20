/**
 * A connection that an application of `node:http` takes over, in its event `upgrade`: from then on
 * it is a stream of bytes, and the application's to end.
 */
import type { IncomingMessage } from 'node:http';

import type { Coro } from '../../core/support/types.ts';
import { CONNECTION_OPEN } from '../../net/diagnostics-channels.ts';
import { MADE } from '../../net/flags.ts';
import { Protocol } from '../../net/protocol.ts';
import { Transport } from '../../net/transport.ts';
import type { TransportOwner } from '../../net/transport.ts';
import type { TransportStream } from '../../node/to-node-stream.ts';
import { promise } from '../../tasks/promise.ts';
import type { Exchange } from '../server/exchange.ts';
import type { HttpServer, ServedConnection } from '../server/server.ts';
import { incomingOf } from './node-incoming.ts';

/** What is called for a request to leave HTTP, with Node's own request and the stream below. */
export type NodeUpgradeListener = (
  request: IncomingMessage,
  socket: TransportStream,
  head: Buffer,
) => unknown;

/** Hands a connection to the application. What that throws, or rejects with, is its end. */
export function upgradeThrough(
  http: typeof import('node:http'),
  exchange: Exchange,
  listener: NodeUpgradeListener,
): void {
  const { _connection: connection, _request: request } = exchange;
  // Before the request is given up.
  const raw = request._rawHeaders();
  const transport = takeOver(exchange);
  if (transport === null) {
    connection._abort();
    connection._finish(exchange);
    return;
  }
  const fail = (error: unknown): void => {
    transport.abort();
    exchange._report(error);
  };
  connection._loop._startTask(function* (): Coro<void> {
    try {
      // It comes with Node's streams, which few servers need.
      const { toNodeStream } = yield* promise(import('../../node.ts'));
      const stream = toNodeStream(transport);
      // A connection that breaks must not end the process where nobody listens.
      stream.on('error', () => {});
      const incoming = incomingOf(http, request, raw, stream);
      incoming.complete = true;
      incoming.push(null);
      // What came behind the request is read from the stream, before all else.
      const result = listener(incoming, stream, Buffer.alloc(0));
      if (result instanceof Promise) result.catch(fail);
    } catch (error) {
      fail(error);
    }
  });
}

/**
 * The bytes of a connection, with what came behind the request; null when it is gone. The server
 * closes it when the time of its shutdown is over: `server.close()` of Node waits for it as well.
 */
function takeOver(exchange: Exchange): Transport | null {
  const { _connection: connection } = exchange;
  const { _server: server, _loop: loop, _handle: handle, _generation: generation } = connection;
  if (
    connection._gone ||
    connection._closing ||
    server._stopping ||
    connection._rings.engine.leaveMessages(handle, generation) < 0
  ) {
    return null;
  }
  exchange._answered = true;
  if (exchange._diagnostics !== null) exchange._diagnostics.status = 101;
  const served = new TakenOver(server);
  const transport = new Transport(loop, handle, generation, new Protocol(), served);
  served.transport = transport;
  transport._inherit(connection);
  loop._unregister(handle);
  loop._register(handle, generation, transport);
  // It is open already, and reads: no more than that is to be stopped or asked for.
  transport._flags |= MADE;
  transport.pauseReading();
  if (CONNECTION_OPEN.hasSubscribers) transport._tell(CONNECTION_OPEN);
  server._adopt(served);
  connection._leave(exchange);
  return transport;
}

class TakenOver implements ServedConnection, TransportOwner {
  readonly _pending: number = 0;
  readonly #server: HttpServer;
  transport: Transport | null = null;

  constructor(server: HttpServer) {
    this.#server = server;
  }

  _detach(): void {
    this.#server._forget(this);
  }

  _sweep(): void {}

  _stop(): void {}

  _abort(): void {
    this.transport!.abort();
  }

  _cancel(): void {}
}
