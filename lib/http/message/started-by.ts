/** What a callback of users returned, when it is something to wait for. */
import { Future } from '../../core/future/future.ts';
import type { EventLoop } from '../../core/loop/event-loop.ts';

/**
 * The future of what a handler returned, or null when it is no awaitable. It may be anything at
 * all, also an object whose properties throw when they are read.
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
    // At once: a Promise that is rejected already must not be found without a listener.
    return loop._startTask(Promise.resolve(result as PromiseLike<unknown>));
  }
  return null;
}
