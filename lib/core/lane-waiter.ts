/**
 * `await future` in the async lane: the continuation is a Promise reaction, which the loop sets off
 * in its turn, as it does for a coroutine of the generator lane.
 */
import type { Runnable } from '../native/rings.ts';
import { carried } from './carry.ts';
import { RuntimeError } from './errors.ts';
import type { Future, Waiter } from './future.ts';
import { captureValues, current } from './running.ts';
import type { Values } from './running.ts';
import { watchSwallow } from './debug/swallowed.ts';
import { noteLaneWait } from './debug/task-frames.ts';
import type { Task } from './task.ts';

type Reaction = ((value: any) => unknown) | null | undefined;

export class LaneWaiter implements Waiter, Runnable {
  readonly #future: Future<any>;
  readonly #task: Task<any> | undefined;
  readonly #values: Values;
  readonly #fulfilled: Reaction;
  readonly #rejected: Reaction;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;

  private constructor(
    future: Future<any>, task: Task<any> | undefined, fulfilled: Reaction, rejected: Reaction,
  ) {
    this.#future = future;
    this.#task = task;
    this.#values = captureValues();
    this.#fulfilled = fulfilled;
    this.#rejected = rejected;
  }

  /** @param task - the task whose async function waits here, so that its cancel finds the future */
  static wait(
    future: Future<any>, task: Task<any> | undefined, fulfilled: Reaction, rejected: Reaction,
  ): Promise<unknown> {
    if (future === task) {
      const error = new RuntimeError(`Task cannot await on itself: ${task}`);
      return Promise.reject(error).then(fulfilled, rejected);
    }
    const carries = future._loop._carries;
    const waiter = carries ? new LaneWaiter(future, task, carried(fulfilled), carried(rejected))
      : new LaneWaiter(future, task, fulfilled, rejected);
    const promise = new Promise((resolve, reject) => {
      waiter.#resolve = resolve;
      waiter.#reject = reject;
    });
    future._addWaiter(waiter);
    if (task !== undefined) {
      task._laneWaits(future);
      if (future._loop._debug) {
        noteLaneWait(task, future);
        watchSwallow(task);
      }
    }
    return promise;
  }

  * _awaiters(): Generator<Future<any>> {
    if (this.#task !== undefined) yield this.#task;
  }

  _isOf(task: Task<any>): boolean {
    return this.#task === task;
  }

  _text(): string {
    return this.#task?._text() ?? 'await';
  }

  _wake(): void {
    this.#future._loop._enqueue(this);
  }

  _run(): void {
    const future = this.#future;
    const error = this.#task?._laneWoken(future);
    current.values = this.#values;
    try {
      if (error !== undefined) this.#react(this.#rejected, error, this.#reject);
      else this.#settle(future);
    } catch (thrown) {
      this.#reject(thrown);
    }
  }

  #settle(future: Future<any>): void {
    if (future._state === 1) this.#react(this.#fulfilled, future._value, this.#resolve);
    else this.#react(this.#rejected, future._takeError(), this.#reject);
  }

  /** As `then` does it: without a reaction the derived promise gets the outcome itself. */
  #react(reaction: Reaction, outcome: unknown, passOn: (outcome: unknown) => void): void {
    if (typeof reaction === 'function') this.#resolve(reaction(outcome));
    else passOn(outcome);
  }
}
