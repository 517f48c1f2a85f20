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
  /** Of the requests that middlewares send for this one. */
  #inner: Set<RequestLimits> | null = null;
  #outer: RequestLimits | null = null;
  /** The one whose response was handed out: with it all is over. */
  #last: RequestLimits | null = null;

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

  /** Whether the whole request has a limit. */
  get isLimited(): boolean {
    return this.#deadlines !== null;
  }

  /** Goes on with the limit of the whole request that another holder had. */
  _succeed(deadlines: Deadlines | null, other: Dated): void {
    this.#deadlines = deadlines;
    deadlines?.replace(other, this);
  }

  _expire(seconds: number): void {
    this.#deadlines = null;
    this.#strike(new ServerTimeoutError(`not done within ${seconds} s`));
  }

  /** @throws AbortError when the signal has aborted already; TypeError when it is not a signal */
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

  /** What strikes from now on, or has struck already, ends this, whether or not it is awaited. */
  handTo(ending: Ending | null): void {
    this.#under = ending;
    if (this.#struck !== null) ending?._abort(this.#struck);
  }

  /** Limits of a request within this one: what strikes here, strikes there. */
  within(): RequestLimits {
    const inner = new RequestLimits(this.#loop);
    inner.#outer = this;
    inner.#struck = this.#struck;
    (this.#inner ??= new Set()).add(inner);
    return inner;
  }

  /** These end with those of the response that is handed out; null: at once. */
  endWith(inner: RequestLimits | null): void {
    this.#last = inner;
    if (inner === null || this.#inner?.has(inner) !== true) this.release();
  }

  /**
   * Waits for a task, which is cancelled when something strikes.
   * @throws what has struck, or what the task has thrown
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

  /** There is nothing left to end. */
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

  /** The first that strikes is the reason. */
  #strike(error: Error): void {
    if (this.#struck !== null) return;
    this.#struck = error;
    for (const inner of [...(this.#inner ?? [])]) inner.#strike(error);
    this.#under?._abort(error);
  }
}
