import type { Future } from '../../core/future/future.ts';
import { Fifo } from '../../core/support/fifo.ts';
import type { WebSocketMessage } from './message.ts';
import type { Receipt } from './receipt.ts';

/** State that few WebSockets need at a time, so that an idle one does without. */
export class Extras {
  /** Messages that have not been taken. */
  readonly unread: Fifo<WebSocketMessage> = new Fifo();
  unreadBytes = 0;
  /** The pending `receive()`. */
  receiver: Receipt | null = null;
  drains: Future<void>[] = [];
  closes: Future<void>[] = [];
  pings: Array<{ payload: string; future: Future<void> }> = [];
  /** The last ping that came while there was no room for its answer. */
  pong: Buffer | null = null;
  closeTimer: { cancel(): void } | null = null;
  /** The close callback was called. */
  told = false;
}
