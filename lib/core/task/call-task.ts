import type { LoopCore } from '../contract/loop-core.ts';
import { Future } from '../future/future.ts';
import { Task } from './task.ts';

/**
 * A task for a call that may or may not be `async`, such as a framework's handler: a value that the
 * function returns directly is the result.
 */
export class CallTask<T> extends Task<T> {
  /** @internal */
  override _gave(made: unknown): void {
    this._finish(made as T);
  }
}

/** Calls the function at once; the task is already done if that returned a plain value. */
export function callInTask<T>(loop: LoopCore, call: () => T | PromiseLike<T>): Task<T> {
  return new CallTask<T>(() => safely(call()) as PromiseLike<T>, loop._eager);
}

/** A user's `then` may do anything; wrapping it in a Promise makes it well-behaved. */
export function safely(made: unknown): unknown {
  if (typeof made !== 'object' || made === null) return made;
  if (made instanceof Promise || made instanceof Future) return made;
  return typeof (made as PromiseLike<unknown>).then === 'function' ? Promise.resolve(made) : made;
}
