import type { EventLoop } from '../../core/loop/event-loop.ts';
import { Reservation } from '../../core/future/reservation.ts';
import type { WebSocketMessage } from './message.ts';

/** The source of a receipt's message. */
export interface MessageSource {
  readonly _loop: EventLoop;
  _takeMessage(): WebSocketMessage;
}

/**
 * The future of `receive()`. It takes its message only when the waiting coroutine resumes, so that
 * a cancel before then loses none.
 */
export class Receipt extends Reservation<WebSocketMessage> {
  readonly #source: MessageSource;

  constructor(source: MessageSource) {
    super({ loop: source._loop });
    this.#source = source;
  }

  override _claim(): WebSocketMessage {
    return this.#source._takeMessage();
  }
}
