/**
 * Ctrl-C and SIGTERM for a program run by the command line. The runner cancels main at the first
 * signal and ends its loop at the second. This handles the time when the runner does not listen
 * (while remaining tasks clean up), and makes sure that the second signal ends the process.
 */
import { markAsOurs } from '../core/loop/signals.ts';

/** The exit codes: 128 plus the number of the signal. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
type Name = keyof typeof EXIT_CODES;
const NAMES = Object.keys(EXIT_CODES) as Name[];

export class Interrupts {
  #count = 0;
  #names: readonly Name[] = [];

  /** Calls `start`, which starts the run, and listens until `remove`. */
  during<T>(start: () => T): T {
    // A signal that the program listens to itself is left to the program.
    const free = NAMES.filter((name) => process.listenerCount(name) === 0);
    const started = start();
    this.#names = free;
    for (const name of free) process.on(name, this.#interrupted);
    return started;
  }

  readonly #interrupted = markAsOurs((name: Name): void => {
    this.#count++;
    // Alone: main has ended, so the runner no longer handles the signal.
    const alone = process.listenerCount(name) === 1;
    // Deferred, so that the loop can be closed and report what it had to abandon.
    if (alone || this.#count > 1) setImmediate(() => process.exit(EXIT_CODES[name]));
  });

  remove(): void {
    for (const name of this.#names) process.removeListener(name, this.#interrupted);
    this.#names = [];
  }
}
