import type { Future } from '../../core/future/future.ts';
import { Fifo } from '../../core/support/fifo.ts';
import type { WebSocketMessage } from './message.ts';
import type { Receipt } from './receipt.ts';

/** State that a WebSocket rarely needs, created on demand to keep idle ones small. */
export class Extras {
  /** Received messages that were not taken yet. */
  readonly unread: Fifo<WebSocketMessage> = new Fifo();
  unreadBytes = 0;
  /** The pending `receive()`. */
  receiver: Receipt | null = null;
  drains: Future<void>[] = [];
  closes: Future<void>[] = [];
  pings: Array<{ payload: string; future: Future<void> }> = [];
  /** Payload of the last ping that arrived while there was no room for the answer. */
  pong: Buffer | null = null;
  closeTimer: { cancel(): void } | null = null;
  /** Whether the close callback was called. */
  told = false;
}
