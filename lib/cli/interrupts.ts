/**
 * Ctrl-C of a program that the command line runs. The runner cancels main at the first one and ends
 * its loop at the second; what is left for here is the time in which the runner does not listen
 * (tasks that are left clean up), and that the second one ends the process whatever happens.
 */

/** The exit code after Ctrl-C: 128 and the number of SIGINT. */
export const INTERRUPTED = 130;

/** Whether `error` says that Ctrl-C was pressed; the program may have another copy of the class. */
export function isInterrupt(error: unknown): boolean {
  return error instanceof Error && error.name === 'KeyboardInterrupt';
}

export class Interrupts {
  #count = 0;
  #listening = false;

  /** Calls `start`, which begins the run, and listens until `remove`. */
  during<T>(start: () => T): T {
    // A program with a listener of its own has Ctrl-C for itself. The runner must ask that first:
    // it does not listen beside others.
    const free = process.listenerCount('SIGINT') === 0;
    const started = start();
    if (free) {
      this.#listening = true;
      process.on('SIGINT', this.#interrupted);
    }
    return started;
  }

  readonly #interrupted = (): void => {
    this.#count++;
    // Alone: main has ended, and nobody else does anything about it.
    const alone = process.listenerCount('SIGINT') === 1;
    // Not at once, so that the loop can be closed and say what it had to leave.
    if (alone || this.#count > 1) setImmediate(() => process.exit(INTERRUPTED));
  };

  remove(): void {
    if (this.#listening) process.removeListener('SIGINT', this.#interrupted);
    this.#listening = false;
  }
}
