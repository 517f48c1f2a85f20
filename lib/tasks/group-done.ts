/** The children of a task group in the order in which they end. */
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { RuntimeError } from '../core/errors/errors.ts';
import { PENDING } from '../core/future/future.ts';
import type { Future } from '../core/future/future.ts';
import { Reservation } from '../core/future/reservation.ts';
import { Fifo } from '../core/support/fifo.ts';
import type { Task } from '../core/task/task.ts';

/** How many ended children are kept while nobody has asked for any. */
const KEPT_MAX = 256;

/**
 * A wait for the next child that ends. It is only reserved until it is taken, so a cancel loses
 * none.
 */
abstract class Next<T> extends Reservation<T> {
  readonly #done: DoneChildren;
  /** No child is left for this wait. */
  #none = false;

  constructor(loop: AbstractEventLoop, done: DoneChildren) {
    super({ loop });
    this.#done = done;
  }

  /** The result of the wait for a child; for null when no child is left. */
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
  /** Returns how many of the group's children are still running. */
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

  /** Records a child that has ended. For a group that never asks, they must not accumulate. */
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

  /**
   * Grants ended children to the waits; ends the remaining waits when no child is running any more.
   */
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

  /** @internal The wait that reserved it was cancelled; the child is free for another wait. */
  _releaseNext(): void {
    this.#promised--;
    this.#promise();
  }
}
