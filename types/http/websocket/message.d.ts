/** A message: text, or bytes in memory owned by the receiver. */
export type WebSocketMessage = string | Buffer<ArrayBuffer>;
