/** One call on a file, and how it is cancelled. */
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { AbortError, CancelledError, isA } from '../core/errors/errors.ts';
import { CANCELLED_WITH, DONE, Future, PENDING } from '../core/future/future.ts';
import type { Executor } from '../threads/executor/executor.ts';

/** How much of a cancelled call was done, in bytes. */
export interface Progress {
  bytesRead?: number;
  bytesWritten?: number;
}

/**
 * A system read or write that has begun cannot be stopped. So a cancel takes effect when the
 * current piece is done: it is then known how much was done, and the file and the caller's buffer
 * are no longer touched afterwards.
 */
export class FileOperation<T> extends Future<T> {
  /** Whether a cancel waits for the current piece; not where that may block for ever. */
  readonly #waits: boolean;
  #begun = false;
  #stop: CancelledError | AbortError | null = null;
  readonly progress: Progress = {};

  constructor(loop: AbstractEventLoop, waits: boolean) {
    super({ loop });
    this.#waits = waits;
  }

  /** Whether the work should stop. */
  get stopped(): boolean {
    return this.#stop !== null || this._state !== PENDING;
  }

  /** Marks the work as begun. @returns false when it was cancelled before */
  _begin(): boolean {
    this.#begun = true;
    return this._state === PENDING;
  }

  override cancel(reason?: unknown): boolean {
    return this._giveUp(new CancelledError(reason));
  }

  /** @internal */
  _giveUp(error: CancelledError | AbortError): boolean {
    if (this._state !== PENDING) return false;
    this.#stop ??= error;
    if (!this.#begun || !this.#waits) this._end();
    return true;
  }

  /**
   * @internal The work is done, or was stopped. @param take - consumes and returns the result; not
   *   called when it was stopped
   */
  _end(take?: () => T): void {
    if (this._state !== PENDING || this._loop.isClosed()) return;
    if (this.#stop === null) this._settle(DONE, take!());
    else this.#settleStopped(Object.assign(this.#stop, this.progress));
  }

  #settleStopped(error: CancelledError | AbortError): void {
    if (isA(error, CancelledError)) this._settle(CANCELLED_WITH, error);
    else this._fail(error);
  }

  /** @internal The system call failed. */
  _refused(error: unknown): void {
    if (this._state === PENDING && !this._loop.isClosed()) this._fail(error);
  }
}

const NODE: Executor = {
  submit: (work: Promise<void>) => work,
  shutdown: () => {},
  _takesRealTime: true,
};

/**
 * Registers work that Node does in real time, so that a loop in simulated time waits for it. `work`
 * must not reject.
 */
export function inRealTime(loop: AbstractEventLoop, work: Promise<void>): void {
  loop.runInExecutor(NODE, work as never);
}
