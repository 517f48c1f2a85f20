import type { EventLoop } from '../../core/loop/event-loop.ts';
import { wallClockMs } from '../../core/loop/wall-clock.ts';

/**
 * The text of the Date header, made at most once a second. Only a server that answers makes it:
 * the timer that ages the text is armed when the text is made, and by nothing else.
 */
export class HttpDate {
  #loop: EventLoop;
  #onStale: () => void;

  /** @param onStale - called when the text given out is no longer right */
  constructor(loop: EventLoop, onStale: () => void) {
    this.#loop = loop;
    this.#onStale = onStale;
  }

  /** The date now; `onStale` follows when the second is over. */
  make(): string {
    const now = wallClockMs();
    this.#loop.callLater((1000 - (now % 1000)) / 1000, this.#onStale).unref();
    return new Date(now).toUTCString();
  }
}
