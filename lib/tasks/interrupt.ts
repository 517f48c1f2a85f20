/** Ctrl-C while a loop runs; only in the main thread, and only when nobody else listens. */
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { CancelledError, isA, KeyboardInterrupt } from '../core/errors/errors.ts';
import { EventLoop } from '../core/loop/event-loop.ts';
import type { Future } from '../core/future/future.ts';
import { Task } from '../core/task/task.ts';
import { isMainThread } from '../core/support/worker-threads.ts';

/** The listeners of all runs there are: several may overlap, and each has its own main. */
const ours = new Set<unknown>();

function nobodyElseListens(): boolean {
  return process.listeners('SIGINT').every((listener) => ours.has(listener));
}

export class Interrupt {
  count = 0;
  /** Whether the loop was ended by one. */
  ended = false;
  readonly #loop: AbstractEventLoop;
  readonly #main: Future<any> | null;

  /**
   * @param main - what the first Ctrl-C cancels; null: already the first ends the loop
   * @param owning - whether the loop will own the thread, where no listener of Node's is called
   */
  constructor(loop: AbstractEventLoop, main: Future<any> | null, owning = false) {
    this.#loop = loop;
    this.#main = main;
    if (!isMainThread() || !nobodyElseListens()) return;
    if (owning) {
      if (loop instanceof EventLoop) loop._interrupted = this.#interrupted;
      return;
    }
    ours.add(this.#interrupted);
    process.on('SIGINT', this.#interrupted);
  }

  readonly #interrupted = (): void => {
    this.count++;
    if (this.count === 1 && this.#main?.cancel() === true) return;
    this.ended = true;
    this.#loop._interrupt(new KeyboardInterrupt());
  };

  remove(): void {
    if (this.#loop instanceof EventLoop) this.#loop._interrupted = null;
    ours.delete(this.#interrupted);
    process.removeListener('SIGINT', this.#interrupted);
  }

  /** The error of main, or KeyboardInterrupt when it ended by the first Ctrl-C. */
  explain(error: unknown): unknown {
    if (this.count === 0 || !isA(error, CancelledError)) return error;
    const main = this.#main;
    return main instanceof Task && main.uncancel() > 0 ? error : new KeyboardInterrupt();
  }
}
