/** The children of a task group in the order in which they end, made on demand. */
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { RuntimeError } from '../core/errors/errors.ts';
import { PENDING } from '../core/future/future.ts';
import type { Future } from '../core/future/future.ts';
import { Reservation } from '../core/future/reservation.ts';
import { Fifo } from '../core/support/fifo.ts';
import type { Task } from '../core/task/task.ts';

/** So many that have ended are kept for a group that has not asked for any yet. */
const KEPT_MAX = 256;

/** A wait for the next child that has ended; only promised until it is taken, so none gets lost. */
abstract class Next<T> extends Reservation<T> {
  readonly #done: DoneChildren;
  /** There will be none for this one. */
  #none = false;

  constructor(loop: AbstractEventLoop, done: DoneChildren) {
    super({ loop });
    this.#done = done;
  }

  /** What the wait gives for a child, or for null: there are no more. */
  abstract _outcome(task: Task<any> | null): T;

  override _claim(): T {
    return this._outcome(this.#none ? null : this.#done._claimNext());
  }

  override _release(): void {
    if (!this.#none) this.#done._releaseNext();
  }

  /** @internal */
  _grantNone(): void {
    this.#none = true;
    this._grant();
  }
}

class NextDone extends Next<Task<any> | null> {
  override _outcome(task: Task<any> | null): Task<any> | null {
    return task;
  }
}

class NextResult extends Next<any> {
  override _outcome(task: Task<any> | null): unknown {
    if (task === null) throw new RuntimeError('nextResult(): the group has no more tasks');
    return task.result();
  }
}

class NextStep extends Next<IteratorResult<Task<any>, undefined>> {
  override _outcome(task: Task<any> | null): IteratorResult<Task<any>, undefined> {
    return task === null ? { done: true, value: undefined } : { done: false, value: task };
  }
}

export class DoneChildren {
  readonly #loop: AbstractEventLoop;
  /** How many of the group's children still run. */
  readonly #running: () => number;
  #ended: Fifo<Task<any>> = new Fifo();
  readonly #waiting: Set<Next<any>> = new Set();
  #promised = 0;
  #asked = false;
  #dropped = false;

  constructor(loop: AbstractEventLoop, running: () => number) {
    this.#loop = loop;
    this.#running = running;
  }

  nextDone(): Future<Task<any> | null> {
    return this.#next('nextDone()', new NextDone(this.#loop, this));
  }

  nextResult(): Future<any> {
    return this.#next('nextResult()', new NextResult(this.#loop, this));
  }

  nextStep(): Future<IteratorResult<Task<any>, undefined>> {
    return this.#next('for await', new NextStep(this.#loop, this));
  }

  /** A child has ended. A group that never asks must not keep them all. */
  add(task: Task<any>): void {
    if (this.#dropped) return;
    this.#ended.push(task);
    if (!this.#asked && this.#ended.size > KEPT_MAX) {
      this.#dropped = true;
      this.#ended = new Fifo();
    }
    this.#promise();
  }

  #next<F extends Next<any>>(call: string, next: F): F {
    if (this.#dropped) {
      throw new RuntimeError(
        `${call}: more than ${KEPT_MAX} tasks of the group had ended before the first of them was ` +
          'asked for, and are not kept; ask earlier',
      );
    }
    this.#asked = true;
    this.#waiting.add(next);
    this.#promise();
    return next;
  }

  /** Gives what there is to those who wait; tells the rest when nothing more will come. */
  #promise(): void {
    for (const next of this.#waiting) {
      const available = this.#ended.size > this.#promised;
      if (!available && this.#running() > 0) return;
      this.#waiting.delete(next);
      if (next._state !== PENDING) continue;
      if (available) {
        this.#promised++;
        next._grant();
      } else next._grantNone();
    }
  }

  /** @internal */
  _claimNext(): Task<any> {
    this.#promised--;
    return this.#ended.shift()!;
  }

  /** @internal The one it was promised to does not want it; it is for another wait. */
  _releaseNext(): void {
    this.#promised--;
    this.#promise();
  }
}
