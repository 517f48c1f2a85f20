/**
 * Ctrl-C and SIGTERM of a program that the command line runs. The runner cancels main at the first
 * one and ends its loop at the second; what is left for here is the time in which the runner does
 * not listen (tasks that are left clean up), and that the second one ends the process whatever
 * happens.
 */
import { markAsOurs } from '../core/loop/signals.ts';

/** 128 and the number of the signal. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
type Name = keyof typeof EXIT_CODES;
const NAMES = Object.keys(EXIT_CODES) as Name[];

export class Interrupts {
  #count = 0;
  #names: readonly Name[] = [];

  /** Calls `start`, which begins the run, and listens until `remove`. */
  during<T>(start: () => T): T {
    // A program with a listener of its own has the signal for itself.
    const free = NAMES.filter((name) => process.listenerCount(name) === 0);
    const started = start();
    this.#names = free;
    for (const name of free) process.on(name, this.#interrupted);
    return started;
  }

  readonly #interrupted = markAsOurs((name: Name): void => {
    this.#count++;
    // Alone: main has ended, and nobody else does anything about it.
    const alone = process.listenerCount(name) === 1;
    // Not at once, so that the loop can be closed and say what it had to leave.
    if (alone || this.#count > 1) setImmediate(() => process.exit(EXIT_CODES[name]));
  });

  remove(): void {
    for (const name of this.#names) process.removeListener(name, this.#interrupted);
    this.#names = [];
  }
}
