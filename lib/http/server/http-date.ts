import type { EventLoop } from '../../core/loop/event-loop.ts';
import { wallClockMs } from '../../core/loop/wall-clock.ts';

/**
 * The text of the Date header, made at most once per second, and only when a response needs it: no
 * timer runs on an idle server.
 */
export class HttpDate {
  #loop: EventLoop;
  #onStale: () => void;

  /** @param onStale - called when the text is out of date */
  constructor(loop: EventLoop, onStale: () => void) {
    this.#loop = loop;
    this.#onStale = onStale;
  }

  /** The current date; `onStale` is called at the end of this second. */
  make(): string {
    const now = wallClockMs();
    this.#loop.callLater((1000 - (now % 1000)) / 1000, this.#onStale).unref();
    return new Date(now).toUTCString();
  }
}
