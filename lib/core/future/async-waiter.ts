/**
 * `await future` in the async lane: the continuation is a Promise reaction, which the loop triggers
 * from its ready queue, in the same order as coroutines of the generator lane.
 */
import type { Runnable } from '../../native/rings.ts';
import { withStores } from '../context/async-stores.ts';
import { RuntimeError } from '../errors/errors.ts';
import type { Future, Waiter } from './future.ts';
import { continuationBegins, continuationEnds } from '../observe/observe.ts';
import { captureValues, current } from '../context/running.ts';
import { watchSwallow } from '../debug/swallowed.ts';
import { noteAsyncWait } from '../debug/task-frames.ts';
import type { FutureCore } from '../contract/future-core.ts';
import type { TaskCore, Values } from '../contract/task-core.ts';

type Reaction = ((value: any) => unknown) | null | undefined;

// One is made for each `await`: `#private` members would double its cost.
export class AsyncWaiter implements Waiter, Runnable {
  readonly _future: Future<any>;
  readonly _task: TaskCore | undefined;
  readonly _values: Values;
  readonly _fulfilled: Reaction;
  readonly _rejected: Reaction;
  _resolve!: (value: unknown) => void;
  _reject!: (error: unknown) => void;

  private constructor(
    future: Future<any>,
    task: TaskCore | undefined,
    fulfilled: Reaction,
    rejected: Reaction,
  ) {
    this._future = future;
    this._task = task;
    this._values = captureValues();
    this._fulfilled = fulfilled;
    this._rejected = rejected;
  }

  /** @param task - the task whose async function waits here, so that its cancel finds the future */
  static wait(
    future: Future<any>,
    task: TaskCore | undefined,
    fulfilled: Reaction,
    rejected: Reaction,
  ): Promise<unknown> {
    if (future === (task as FutureCore | undefined)) {
      const error = new RuntimeError(`Task cannot await on itself: ${task}`);
      return Promise.reject(error).then(fulfilled, rejected);
    }
    const waiter = future._loop._bindsStores
      ? new AsyncWaiter(future, task, withStores(fulfilled), withStores(rejected))
      : new AsyncWaiter(future, task, fulfilled, rejected);
    const promise = new Promise((resolve, reject) => {
      waiter._resolve = resolve;
      waiter._reject = reject;
    });
    future._addWaiter(waiter);
    if (task !== undefined) {
      task._asyncWaits(future);
      if (future._loop._debug) {
        noteAsyncWait(task, future);
        watchSwallow(task);
      }
    }
    return promise;
  }

  *_awaiters(): Generator<TaskCore> {
    if (this._task !== undefined) yield this._task;
  }

  _isOf(task: TaskCore): boolean {
    return this._task === task;
  }

  _text(): string {
    return this._task?._text() ?? 'await';
  }

  _wake(): void {
    this._future._loop._enqueue(this);
  }

  _run(): void {
    const future = this._future;
    const error = this._task?._asyncWoken(future);
    current.values = this._values;
    // The async function itself continues in a V8 microtask, after this.
    const observed = future._loop._observed;
    if (observed) continuationBegins(future._loop, this, this._task);
    try {
      if (error !== undefined) this._react(this._rejected, error, this._reject);
      else if (future._state === 1) this._react(this._fulfilled, future._value, this._resolve);
      else this._react(this._rejected, future._takeError(), this._reject);
    } catch (thrown) {
      this._reject(thrown);
    }
    if (observed) continuationEnds(future._loop);
  }

  /** As in `then`: without a callback the derived promise gets the outcome itself. */
  _react(reaction: Reaction, outcome: unknown, passOn: (outcome: unknown) => void): void {
    if (typeof reaction === 'function') this._resolve(reaction(outcome));
    else passOn(outcome);
  }
}
