/** The WebSocket is closed, so there is nothing to receive or wait for. */
export class WebSocketClosedError extends Error {
  override name = 'WebSocketClosedError';
  readonly code: string = 'ERR_WEBSOCKET_CLOSED';
  /** The close code; 1006 if the connection broke, 1005 if none was given. */
  readonly closeCode: number;
  /** The reason given by the closing side. */
  readonly reason: string;

  constructor(closeCode: number, reason: string) {
    super(`the WebSocket is closed: ${closeCode}${reason === '' ? '' : ` ${reason}`}`);
    this.closeCode = closeCode;
    this.reason = reason;
  }
}
