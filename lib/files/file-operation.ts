/** One call on a file: what waits for it, and how it is stopped. */
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { AbortError, CancelledError, isA } from '../core/errors/errors.ts';
import { CANCELLED_WITH, DONE, Future, PENDING } from '../core/future/future.ts';
import type { Executor } from '../threads/executor/executor.ts';

/** What was done of a call that was given up. */
export interface Progress {
  bytesRead?: number;
  bytesWritten?: number;
}

/**
 * The system cannot be told to stop a read or write that has begun. So a cancel of one that has is
 * answered when the piece under way is through: what was done by then is known, and nothing
 * happens to the file, or to the caller's buffer, behind anybody's back.
 */
export class FileOperation<T> extends Future<T> {
  /** Where a piece under way may take for ever, a cancel does not wait for its end. */
  readonly #waits: boolean;
  #begun = false;
  #stop: CancelledError | AbortError | null = null;
  readonly progress: Progress = {};

  constructor(loop: AbstractEventLoop, waits: boolean) {
    super({ loop });
    this.#waits = waits;
  }

  /** Whether there is no need to go on. */
  get stopped(): boolean {
    return this.#stop !== null || this._state !== PENDING;
  }

  /** @returns false when it was given up before it could begin */
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

  /** @internal It is through, or was stopped. @param take - what the caller gets: taken by it */
  _end(take?: () => T): void {
    if (this._state !== PENDING || this._loop.isClosed()) return;
    if (this.#stop === null) this._settle(DONE, take!());
    else this.#settleStopped(Object.assign(this.#stop, this.progress));
  }

  #settleStopped(error: CancelledError | AbortError): void {
    if (isA(error, CancelledError)) this._settle(CANCELLED_WITH, error);
    else this._fail(error);
  }

  /** @internal The system refused. */
  _refused(error: unknown): void {
    if (this._state === PENDING && !this._loop.isClosed()) this._fail(error);
  }
}

const NODE: Executor = {
  submit: (work: Promise<void>) => work,
  shutdown: () => {},
  _takesRealTime: true,
};

/** Node does this, in real time also for a loop whose time is simulated. It must not fail. */
export function inRealTime(loop: AbstractEventLoop, work: Promise<void>): void {
  loop.runInExecutor(NODE, work as never);
}
