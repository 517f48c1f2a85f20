import { checkSignal, listenToAbort } from '../../core/support/abort-listeners.ts';
import { runningTask } from '../../core/context/running.ts';
import { AbortError, CancelledError, isA } from '../../core/errors/errors.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Future } from '../../core/future/future.ts';
import type { Task } from '../../core/task/task.ts';
import type { Coro } from '../../core/support/types.ts';
import { ServerTimeoutError } from './errors.ts';
import type { Dated, Deadlines } from './deadlines.ts';

interface Cancellable {
  cancel(): void;
}

/** Something in progress that can be aborted. */
export interface Ending {
  _abort(error: Error): void;
}

/**
 * What may end a request from outside: its time limits and its signal. A limit that was reached is
 * remembered as a state: it ends the wait in progress, if any, and every later one. So it does not
 * matter in which turn it happens.
 */
export class RequestLimits implements Dated {
  readonly #loop: EventLoop;
  #armed: Cancellable[] | null = null;
  /** The list that holds the total time limit; null when there is none or it is over. */
  #deadlines: Deadlines | null = null;
  _until = 0;
  _sooner: Dated | null = null;
  _later: Dated | null = null;
  #struck: Error | null = null;
  /** Aborts what is in progress. */
  #under: Ending | null = null;
  /** Limits of the requests that middlewares send for this one. */
  #inner: Set<RequestLimits> | null = null;
  #outer: RequestLimits | null = null;
  /** The limits of the response that the caller got: these end when those do. */
  #last: RequestLimits | null = null;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  /** Starts a time limit; null for none. @returns cancels this one */
  arm(seconds: number | null, makeError: (seconds: number) => Error): Cancellable | null {
    if (seconds === null) return null;
    const timer = this.#loop.callLater(seconds, () => this.#strike(makeError(seconds)));
    (this.#armed ??= []).push(timer);
    return timer;
  }

  /** Starts the limit of the whole request, in the list of limits of the same length. */
  limitTotal(deadlines: Deadlines | null): void {
    this.#deadlines = deadlines;
    deadlines?.add(this);
  }

  /** Whether the whole request has a time limit. */
  get isLimited(): boolean {
    return this.#deadlines !== null;
  }

  /** Takes over another's limit of the whole request, with the time that is left. */
  _succeed(deadlines: Deadlines | null, other: Dated): void {
    this.#deadlines = deadlines;
    deadlines?.replace(other, this);
  }

  _expire(seconds: number): void {
    this.#deadlines = null;
    this.#strike(new ServerTimeoutError(`not done within ${seconds} s`));
  }

  /** @throws AbortError when the signal has already aborted; TypeError when it is not a signal */
  follow(signal: AbortSignal | null | undefined): void {
    if (signal === undefined || signal === null) return;
    checkSignal(signal);
    if (signal.aborted) throw new AbortError(signal.reason);
    const cancel = listenToAbort(signal, () => this.#strike(new AbortError(signal.reason)));
    (this.#armed ??= []).push({ cancel });
  }

  /** @throws the error of the limit that was reached, if any */
  check(): void {
    if (this.#struck !== null) throw this.#struck;
  }

  /**
   * Waits for the future under the limits.
   * @throws the error of a limit that was reached before, during the wait, or in the turn in which
   *   the future completed
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

  /** A limit that is or was reached aborts `ending`, whether or not it is being awaited. */
  handTo(ending: Ending | null): void {
    this.#under = ending;
    if (this.#struck !== null) ending?._abort(this.#struck);
  }

  /** Limits of a request within this one: a limit reached here is reached there too. */
  within(): RequestLimits {
    const inner = new RequestLimits(this.#loop);
    inner.#outer = this;
    inner.#struck = this.#struck;
    (this.#inner ??= new Set()).add(inner);
    return inner;
  }

  /** Releases these when `inner` is released; at once for null. */
  endWith(inner: RequestLimits | null): void {
    this.#last = inner;
    if (inner === null || this.#inner?.has(inner) !== true) this.release();
  }

  /**
   * Waits for a task, which is cancelled when a limit is reached.
   * @throws the error of the limit, or the error of the task
   */
  *over<T>(task: Task<T>): Coro<T> {
    let ended = false;
    this.#under = {
      _abort: () => {
        ended = task.cancel();
      },
    };
    try {
      this.check();
      return yield* task;
    } catch (error) {
      if (ended && isA(error, CancelledError) && runningTask()?._requests === 0) this.check();
      throw error;
    } finally {
      this.#under = null;
      if (!task.done()) task.cancel();
    }
  }

  /** Nothing is left to end: stops all limits. */
  release(): void {
    this.#under = null;
    const outer = this.#outer;
    if (outer !== null) {
      outer.#inner!.delete(this);
      if (outer.#last === this) outer.release();
    }
    this.#deadlines?.remove(this);
    this.#deadlines = null;
    if (this.#armed === null) return;
    for (const one of this.#armed) one.cancel();
    this.#armed = null;
  }

  /** The first limit reached is the reason. */
  #strike(error: Error): void {
    if (this.#struck !== null) return;
    this.#struck = error;
    for (const inner of [...(this.#inner ?? [])]) inner.#strike(error);
    this.#under?._abort(error);
  }
}
