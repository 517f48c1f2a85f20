/** Work that continues after responses, and that a server waits for before it ends. */
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Future } from '../../core/future/future.ts';
import type { Coro } from '../../core/support/types.ts';
import { describe } from '../message/outgoing-body.ts';
import { startedBy } from '../message/started-by.ts';

export class BackgroundWork {
  readonly #loop: EventLoop;
  readonly #onDone: () => void;
  readonly #works = new Set<Future<unknown>>();

  /** @param onDone - called whenever a piece of work is done, and by `leave` */
  constructor(loop: EventLoop, onDone: () => void) {
    this.#loop = loop;
    this.#onDone = onDone;
  }

  get size(): number {
    return this.#works.size;
  }

  add(given: PromiseLike<unknown> | Coro<unknown>): void {
    const work = startedBy(this.#loop, given);
    if (work === null) {
      throw new TypeError(`waitUntil(): nothing to wait for: ${describe(given)}`);
    }
    this.#works.add(work);
    work.addDoneCallback(() => {
      const exception = work.cancelled() ? null : work.exception();
      if (exception !== null) {
        const message = 'Exception in the work behind an answer';
        this.#loop.callExceptionHandler({ message, exception, future: work });
      }
      if (this.#works.delete(work)) this.#onDone();
    });
  }

  cancel(reason: string): void {
    for (const work of this.#works) work.cancel(reason);
  }

  /** Stops waiting for work that is not done. */
  leave(): void {
    this.#works.clear();
    this.#onDone();
  }
}
