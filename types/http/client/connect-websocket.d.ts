import type { Future } from '../../core/future/future.ts';
import type { WebSocketConnection } from '../websocket/connection.ts';
import type { ClientWebSocketOptions } from './open-websocket.ts';
/**
 * Connects to a WebSocket without a session: `ws:`, `wss:`, and `http:` and `https:` alike. What
 * `ClientSession.websocket` gives is the same, with the session's headers and `tls`.
 *
 * Cancel-safe: cancelling it closes the connection.
 * @throws RuntimeError outside of a running loop; (awaited) TypeError, RangeError for wrong
 *   options; ClientError and its kinds; WebSocketHandshakeError when the server grants none;
 *   AbortError
 * @example
 * const socket = yield* connectWebSocket('ws://localhost:8080/chat', { protocols: ['chat'] });
 * socket.send('hello');
 * console.log(yield* socket.receive());
 */
export declare function connectWebSocket(url: string | URL, options?: ClientWebSocketOptions): Future<WebSocketConnection>;
