import type { LoopCore } from '../contract/loop-core.ts';
import { Future } from '../future/future.ts';
import { Task } from './task.ts';

/**
 * A call of a function of which nobody knows whether it is `async`, and calls such: a handler of a
 * framework. What it gives at once is the result.
 */
class CallTask<T> extends Task<T> {
  /** @internal */
  override _gave(made: unknown): void {
    this._finish(made as T);
  }
}

/** Calls the function at once; the task is done if that has given something. */
export function callInTask<T>(loop: LoopCore, call: () => T | PromiseLike<T>): Task<T> {
  return new CallTask<T>(() => safely(call()) as PromiseLike<T>, loop._eager);
}

/** The `then` of user code may do anything; a Promise that waits for it does not. */
function safely(made: unknown): unknown {
  if (typeof made !== 'object' || made === null) return made;
  if (made instanceof Promise || made instanceof Future) return made;
  return typeof (made as PromiseLike<unknown>).then === 'function' ? Promise.resolve(made) : made;
}
