import { checkSignal, listenToAbort } from '../../core/support/abort-listeners.ts';
import { AbortError } from '../../core/errors/errors.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Future } from '../../core/future/future.ts';
import type { Coro } from '../../core/support/types.ts';
import { ServerTimeoutError } from './errors.ts';
import type { Dated, Deadlines } from './deadlines.ts';

interface Cancellable {
  cancel(): void;
}

/** What is under way and can be ended. */
export interface Ending {
  _abort(error: Error): void;
}

/**
 * What may end a request from outside: its time limits and its signal. One that has struck is a
 * state and not an event: it ends the wait that is under way, if there is one, and every wait that
 * would come later. So it does not matter in which turn it strikes.
 */
export class RequestLimits implements Dated {
  readonly #loop: EventLoop;
  #armed: Cancellable[] | null = null;
  /** Where its total stands, while it does. */
  #deadlines: Deadlines | null = null;
  _until = 0;
  _sooner: Dated | null = null;
  _later: Dated | null = null;
  #struck: Error | null = null;
  /** Ends what is under way now. */
  #under: Ending | null = null;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  /** Starts a time limit; nothing for null. @returns what takes this one back */
  arm(seconds: number | null, makeError: (seconds: number) => Error): Cancellable | null {
    if (seconds === null) return null;
    const timer = this.#loop.callLater(seconds, () => this.#strike(makeError(seconds)));
    (this.#armed ??= []).push(timer);
    return timer;
  }

  /** Starts the limit of the whole request, among those of others that are as long. */
  limitTotal(deadlines: Deadlines | null): void {
    this.#deadlines = deadlines;
    deadlines?.add(this);
  }

  _expire(seconds: number): void {
    this.#deadlines = null;
    this.#strike(new ServerTimeoutError(`not done within ${seconds} s`));
  }

  /** @throws AbortError when the signal has aborted already; TypeError when it is none */
  follow(signal: AbortSignal | null | undefined): void {
    if (signal === undefined || signal === null) return;
    checkSignal(signal);
    if (signal.aborted) throw new AbortError(signal.reason);
    const cancel = listenToAbort(signal, () => this.#strike(new AbortError(signal.reason)));
    (this.#armed ??= []).push({ cancel });
  }

  /** @throws what has struck */
  check(): void {
    if (this.#struck !== null) throw this.#struck;
  }

  /**
   * Waits, but no longer than the limits let it.
   * @throws what has struck before, meanwhile, or in the turn in which the future was done
   */
  *under<T>(future: Future<T>): Coro<T> {
    this.check();
    this.#under = {
      _abort: (error) => {
        if (!future.done()) future._fail(error);
      },
    };
    try {
      const value = yield* future;
      this.check();
      return value;
    } finally {
      this.#under = null;
    }
  }

  /** What strikes from now on, or has struck already, ends this, whoever waits for it. */
  handTo(ending: Ending | null): void {
    this.#under = ending;
    if (this.#struck !== null) ending?._abort(this.#struck);
  }

  /** There is nothing left to end. */
  release(): void {
    this.#under = null;
    this.#deadlines?.remove(this);
    this.#deadlines = null;
    if (this.#armed === null) return;
    for (const one of this.#armed) one.cancel();
    this.#armed = null;
  }

  /** The first that strikes is the reason. */
  #strike(error: Error): void {
    if (this.#struck !== null) return;
    this.#struck = error;
    this.#under?._abort(error);
  }
}
