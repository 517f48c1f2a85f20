import { AbortError } from '../core/errors.ts';
import type { EventLoop } from '../core/event-loop.ts';

interface Cancellable {
  cancel(): void;
}

/**
 * What may end a request from outside: its time limits and its signal. When one strikes, its error
 * goes to whatever the request waits for at that moment, which `onExpire` says.
 */
export class Limits {
  #loop: EventLoop;
  #armed: Cancellable[] = [];
  /** Ends the wait that is under way. */
  onExpire: ((error: Error) => void) | null = null;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  /** Starts a time limit; nothing for null. @returns what takes this one back */
  arm(seconds: number | null, makeError: (seconds: number) => Error): Cancellable | null {
    if (seconds === null) return null;
    const timer = this.#loop.callLater(seconds, () => this.onExpire?.(makeError(seconds)));
    this.#armed.push(timer);
    return timer;
  }

  /** @throws AbortError when the signal has aborted already */
  follow(signal: AbortSignal | undefined): void {
    if (signal === undefined) return;
    if (signal.aborted) throw new AbortError(signal.reason);
    const abort = (): void => this.onExpire?.(new AbortError(signal.reason));
    signal.addEventListener('abort', abort, { once: true });
    this.#armed.push({ cancel: () => signal.removeEventListener('abort', abort) });
  }

  cancel(): void {
    this.onExpire = null;
    for (const one of this.#armed) one.cancel();
    this.#armed = [];
  }
}
