/**
 * `future.getLoop()`: put on Future from here, since futures know of a loop only what they need of
 * it, and this gives it back as what it is.
 */
import { Future } from '../future/future.ts';
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import type { EventLoop } from './event-loop.ts';

declare module '../future/future.ts' {
  interface Future<T> {
    /** The loop it belongs to. Its type is as for `getRunningLoop`. */
    getLoop<L extends AbstractEventLoop = EventLoop>(): L;
  }
}

Future.prototype.getLoop = function getLoop<L extends AbstractEventLoop>(): L {
  return this._loop as L;
};
