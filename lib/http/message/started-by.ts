/** Waiting for what a user's callback returned, if it is awaitable. */
import { Future } from '../../core/future/future.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';

/**
 * A future for what a handler returned, or null when it is not awaitable. @throws what the getters
 * of the object throw
 */
export function startedBy(loop: EventLoop, result: unknown): Future<unknown> | null {
  if (typeof result !== 'object' || result === null) return null;
  if (result instanceof Future) return result;
  if (
    typeof (result as Generator).next === 'function' &&
    typeof (result as Generator).throw === 'function'
  ) {
    return loop._startTask(result as Generator<any, unknown>);
  }
  if (typeof (result as PromiseLike<unknown>).then === 'function') {
    // Followed at once, so that a Promise that is already rejected is not reported as unhandled.
    return loop._startTask(Promise.resolve(result as PromiseLike<unknown>));
  }
  return null;
}
