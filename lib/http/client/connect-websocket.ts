import type { Future } from '../../core/future/future.ts';
import type { Task } from '../../core/task/task.ts';
import type { Coro } from '../../core/support/types.ts';
import { loopWithNetwork } from '../../net/running-loop.ts';
import { making } from '../../tasks/making.ts';
import type { WebSocketConnection } from '../websocket/connection.ts';
import type { Callbacks } from '../websocket/settings.ts';
import { NO_CALLBACKS } from '../websocket/settings.ts';
import { ConnectionPool } from './connection-pool.ts';
import type { ClientWebSocketOptions } from './open-websocket.ts';
import { openWebSocket } from './open-websocket.ts';
import { sessionSettings } from './options.ts';

/**
 * Connects to a WebSocket without a session. The scheme is `ws:`, `wss:`, `http:` or `https:`.
 * `ClientSession.websocket` does the same with the session's headers and `tls`.
 *
 * Cancel-safe: cancelling it closes the connection.
 * @throws RuntimeError outside a running loop; (awaited) TypeError, RangeError for invalid options;
 *   ClientError and its subclasses; WebSocketHandshakeError when the server refuses the upgrade;
 *   AbortError
 * @example
 * const socket = yield* connectWebSocket('ws://localhost:8080/chat', { protocols: ['chat'] });
 * socket.send('hello');
 * console.log(yield* socket.receive());
 */
export function connectWebSocket(
  url: string | URL,
  options: ClientWebSocketOptions = {},
): Future<WebSocketConnection> {
  const connecting = connectWith('connectWebSocket()', url, options, NO_CALLBACKS);
  return making(connecting, (socket) => socket.abort());
}

/** `connectWebSocket` that delivers to callbacks. The pool is only for this connection. */
export function connectWith(
  where: string,
  url: string | URL,
  options: ClientWebSocketOptions,
  callbacks: Callbacks,
): Task<WebSocketConnection> {
  const loop = loopWithNetwork(where);
  const pool = new ConnectionPool(loop, 0, 0, 0);
  const owner = {
    loop,
    pool,
    settings: sessionSettings({}),
    sockets: new Set<WebSocketConnection>(),
  };
  return loop._startTask(
    (function* connecting(): Coro<WebSocketConnection> {
      try {
        return yield* openWebSocket(owner, where, url, options, callbacks);
      } finally {
        pool.close();
      }
    })(),
  );
}
