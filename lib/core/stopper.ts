/** How a loop that runs until something is done comes to its end. */
import type { Runnable } from '../native/rings.ts';
import { RuntimeError } from './errors.ts';
import type { EventLoop } from './event-loop.ts';
import type { Future, Waiter } from './future.ts';

/**
 * Stops the loop in the turn after the one in which a future is done, as a done callback would: so
 * a task that main made just before its end still takes its first step.
 */
export class Stopper implements Waiter, Runnable {
  readonly #loop: EventLoop;
  #following = false;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  follow(future: Future<any>): void {
    this.#following = true;
    if (future.done()) this._wake();
    else future._addWaiter(this);
  }

  /** The run is over; a stop that is still in the ready queue must not end the next one. */
  forget(future: Future<any>): void {
    this.#following = false;
    future._removeWaiter(this);
  }

  _wake(): void {
    this.#loop._enqueue(this);
  }

  _run(): void {
    if (this.#following) this.#loop.stop();
  }
}

/** The result of what the loop ran for. */
export function outcome<T>(future: Future<T>): T {
  if (!future.done()) throw new RuntimeError('Event loop stopped before Future completed.');
  return future.result();
}
