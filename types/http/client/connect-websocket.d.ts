import type { Future } from '../../core/future/future.ts';
import type { WebSocketConnection } from '../websocket/connection.ts';
import type { ClientWebSocketOptions } from './open-websocket.ts';
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
export declare function connectWebSocket(url: string | URL, options?: ClientWebSocketOptions): Future<WebSocketConnection>;
