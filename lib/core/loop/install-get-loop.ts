/**
 * `future.getLoop()`: added to Future from here, since futures know only the LoopCore interface of
 * their loop, and this returns it as an EventLoop.
 */
import { Future } from '../future/future.ts';
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import type { EventLoop } from './event-loop.ts';

declare module '../future/future.ts' {
  interface Future<T> {
    /** The loop it belongs to. It is typed as for `getRunningLoop`. */
    getLoop<L extends AbstractEventLoop = EventLoop>(): L;
  }
}

Future.prototype.getLoop = function getLoop<L extends AbstractEventLoop>(): L {
  return this._loop as L;
};
