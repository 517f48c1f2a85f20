/**
 * A connection taken over by a `node:http` application in its `upgrade` event: from then on it is a
 * stream of bytes, which the application must end.
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

/** Called for an upgrade request, with Node's own request and the stream of the connection. */
export type NodeUpgradeListener = (
  request: IncomingMessage,
  socket: TransportStream,
  head: Buffer,
) => unknown;

/**
 * Hands a connection to the application. If the listener throws or rejects, the stream is aborted.
 */
export function upgradeThrough(
  http: typeof import('node:http'),
  exchange: Exchange,
  listener: NodeUpgradeListener,
): void {
  const { _connection: connection, _request: request } = exchange;
  // Read before the request is released.
  const raw = request._rawHeaders();
  const transport = takeOver(exchange);
  if (transport === null) {
    connection._abort();
    request._extras?.sent(null, null);
    connection._finish(exchange);
    return;
  }
  const fail = (error: unknown): void => {
    transport.abort();
    exchange._report(error);
  };
  connection._loop._startTask(function* (): Coro<void> {
    try {
      // Imported on demand: it loads Node's streams, which few servers need.
      const { toNodeStream } = yield* promise(import('../../node.ts'));
      const stream = toNodeStream(transport);
      // A broken connection must not end the process if the application has no error listener.
      stream.on('error', () => {});
      const incoming = incomingOf(http, request, raw, stream);
      incoming.complete = true;
      incoming.push(null);
      // `head` is empty: bytes received after the request are read from the stream.
      const result = listener(incoming, stream, Buffer.alloc(0));
      if (result instanceof Promise) result.catch(fail);
    } catch (error) {
      fail(error);
    }
  });
}

/**
 * The transport of the connection, including bytes received after the request; null when the
 * connection is gone. The server aborts it at the end of its shutdown; Node's `server.close()`
 * waits for such connections too.
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
  // It is already open and reading, so it is only marked as made, and paused until it is read.
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
