/** Ends a run once the future that it runs for is done. */
import type { Runnable } from '../../native/rings.ts';
import { isA, KeyboardInterrupt, RuntimeError } from '../errors/errors.ts';
import type { EventLoop } from './event-loop.ts';
import { FAILED } from '../future/future.ts';
import type { Future, Waiter } from '../future/future.ts';
import { Task } from '../task/task.ts';

/**
 * Stops the loop in the turn after the one in which a future is done, as a done callback would, so
 * that a task which main created just before its end still takes its first step.
 */
export class Stopper implements Waiter, Runnable {
  readonly #loop: EventLoop;
  #following = false;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  follow(future: Future<any>): void {
    this.#following = true;
    if (future.done()) this.#loop._enqueue(this);
    else future._addWaiter(this);
  }

  /** The run is over; a stop that is still in the ready queue must not end the next one. */
  forget(future: Future<any>): void {
    this.#following = false;
    future._removeWaiter(this);
  }

  _wake(future: Future<any>): void {
    // A task that ends with KeyboardInterrupt ends the run itself; a stop would end the next run.
    const interrupted = future._state === FAILED && isA(future._value, KeyboardInterrupt);
    if (interrupted && future instanceof Task) return;
    this.#loop._enqueue(this);
  }

  _run(): void {
    if (this.#following) this.#loop.stop();
  }
}

/** The result of the future that the loop ran for. */
export function outcome<T>(future: Future<T>): T {
  if (!future.done()) throw new RuntimeError('Event loop stopped before Future completed.');
  return future.result();
}
