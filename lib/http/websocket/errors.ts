/** The WebSocket is closed, so there is nothing more to receive, or to wait for. */
export class WebSocketClosedError extends Error {
  override name = 'WebSocketClosedError';
  readonly code: string = 'ERR_WEBSOCKET_CLOSED';
  /** The code it was closed with; 1006 where the connection broke, 1005 where none was given. */
  readonly closeCode: number;
  /** What the closing side said about it. */
  readonly reason: string;

  constructor(closeCode: number, reason: string) {
    super(`the WebSocket is closed: ${closeCode}${reason === '' ? '' : ` ${reason}`}`);
    this.closeCode = closeCode;
    this.reason = reason;
  }
}
