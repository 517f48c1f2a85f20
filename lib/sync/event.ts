/** A flag that tasks can wait for. */
import { DONE } from '../core/future/future.ts';
import type { Future } from '../core/future/future.ts';
import { loopFor } from '../core/context/running.ts';
import { showsText } from '../core/support/shows-text.ts';
import { abortedFirst, abortWith, NO_OPTIONS } from '../tasks/abort.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { failed, Waiting, WaitList } from './wait-list.ts';

/**
 * A flag that tasks wait for. `set()` wakes all waiting tasks, even if `clear()` follows at once.
 *
 * @example
 * const started = new Event();
 * createTask(function* () { yield* started.wait(); … });
 * started.set();
 */
export class Event {
  readonly #waiters: WaitList<Waiting<true>> = new WaitList();
  #set = false;

  /** Whether the flag is set; `wait()` then does not wait. */
  isSet(): boolean {
    return this.#set;
  }

  /** Sets the flag and wakes all waiting tasks. */
  set(): void {
    if (this.#set) return;
    this.#set = true;
    for (const waiter of this.#waiters.takeAll()) {
      if (!waiter.done()) waiter._settle(DONE, true);
    }
  }

  /** Clears the flag: from now on `wait()` waits. */
  clear(): void {
    this.#set = false;
  }

  /**
   * Waits until the flag is set; returns true. Cancel-safe.
   * @throws RuntimeError when tasks of another loop wait for it; AbortError when `signal` aborts
   */
  wait(options: SignalOptions = NO_OPTIONS): Future<true> {
    const abortion = abortedFirst('wait()', options);
    if (abortion !== null) return failed(abortion);
    const future = new Waiting<true>({ loop: loopFor('wait()') });
    if (this.#set) {
      future._settle(DONE, true);
      return future;
    }
    this.#waiters.push(future);
    return abortWith(future, options.signal);
  }

  toString(): string {
    const waiters = this.#waiters.size === 0 ? '' : `, waiters:${this.#waiters.size}`;
    return `<${this.constructor.name} [${this.#set ? 'set' : 'unset'}${waiters}]>`;
  }
}

showsText(Event);
