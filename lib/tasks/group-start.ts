/** Starting a child that reports when it is ready. */
import { coroutineKind } from '../core/task/coroutine.ts';
import { RuntimeError } from '../core/errors/errors.ts';
import { CANCELLED_WITH, DONE, Future, PENDING } from '../core/future/future.ts';
import type { Task, TaskOptions } from '../core/task/task.ts';
import type { Coro, Coroutine } from '../core/support/types.ts';

/** The body of the child; it must call `ready` once. */
export type StartBody<V> = (ready: (value: V) => void) => Coro<unknown> | PromiseLike<unknown>;

/** The wait until the child is ready. Cancelling it cancels the child and waits for its end. */
export class Starting<V> extends Future<V> {
  #task: Task<any> | null = null;
  #ready = false;

  /** @internal */
  _begin(body: StartBody<V>, options: TaskOptions | undefined): Task<any> {
    const ready = (value: V): void => {
      if (this.#ready) throw new RuntimeError('ready() was called twice');
      this.#ready = true;
      if (this._state === PENDING) this._settle(DONE, value);
    };
    // Either way the body starts in the task's first step: a generator runs nothing before it.
    const coroutine: Coroutine<unknown> =
      coroutineKind(body, true) === 'generator' ? (body(ready) as Coro) : () => body(ready);
    this.#task = this.getLoop().createTask(coroutine, options);
    return this.#task;
  }

  override cancel(reason?: unknown): boolean {
    return this._state === PENDING && this.#task!.cancel(reason);
  }

  /**
   * @internal The child has ended. @returns whether it ended before it was ready, so that the wait
   *   for it has got the outcome
   */
  _childDone(task: Task<any>): boolean {
    if (this.#ready) return false;
    if (task.cancelled()) this._settle(CANCELLED_WITH, task._takeError());
    else {
      this._fail(task.exception() ?? new RuntimeError('the child ended without calling ready()'));
    }
    return true;
  }
}
