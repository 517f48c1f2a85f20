import type { EventLoop } from '../../core/loop/event-loop.ts';
import { Reservation } from '../../core/future/reservation.ts';
import type { WebSocketMessage } from './message.ts';

/** Where a receipt gets its message from. */
export interface MessageSource {
  readonly _loop: EventLoop;
  _takeMessage(): WebSocketMessage;
}

/**
 * The future of `receive()`. Its message is taken when the waiting coroutine goes on, so a cancel
 * before that loses none.
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
