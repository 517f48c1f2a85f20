/** A message: text, or bytes of the receiver's own. */
export type WebSocketMessage = string | Buffer<ArrayBuffer>;
