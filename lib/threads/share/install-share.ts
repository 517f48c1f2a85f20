/**
 * Adds the methods for sharing to EventLoop. Core must not depend on threads, so they are added
 * from here; importing `oxbow` does that.
 */
import { EventLoop } from '../../core/loop/event-loop.ts';
import { RuntimeError } from '../../core/errors/errors.ts';
import { getRunningLoop } from '../../core/loop/current-loop.ts';
import { loadAddon } from '../../native/load.ts';
import { LoopHandle } from './loop-handle.ts';
import { postsOf } from './loop-posts.ts';
import { checkFunctions, Share } from './share.ts';
import type { SharedFunctions } from './share.ts';

declare module '../../core/loop/event-loop.ts' {
  interface EventLoop {
    /**
     * Lets other threads call these functions on this loop, by name: plain functions, `function*`
     * and `async` functions, called as methods of the given object. Send the returned handle to the
     * other thread and pass it to `connectLoop` there.
     *
     * Until the handle is closed (or unref'ed) the loop waits for calls: it keeps the process alive
     * while it runs, and `runSync` throws no DeadlockError. Closing the loop closes the handle.
     *
     * @throws TypeError when it is not an object of functions; RangeError for more than 4096
     *   functions; RuntimeError when the loop is closed
     * @example
     * const handle = loop.share({ add: (a: number, b: number) => a + b });
     * new Worker(url, { workerData: handle });
     */
    share<F extends SharedFunctions>(functions: F): LoopHandle<F>;
    /**
     * The number of this loop for `loop_find` of native/include/oxbow.h. It does not keep the loop
     * waiting, as `share` does.
     * @throws RuntimeError when the loop is closed
     */
    nativeId(): number;
    /**
     * The functions of native/include/oxbow.h, for a native addon: an External, whose pointer is a
     * `const oxbow_api *`.
     */
    nativeApi(): object;
  }
}

const loopPrototype = EventLoop.prototype;

loopPrototype.share = function share(functions) {
  const names = checkFunctions(functions);
  const posts = postsOf(this);
  this._checkClosed();
  const hold = (change: 1 | -1): void => {
    if (this.isClosed()) return;
    this._rings.reference(change);
    this._engine.allowWake(change);
  };
  let number = 0;
  const share = new Share(functions, names, hold, () => posts.remove(number));
  number = posts.add(share);
  return new LoopHandle(posts.inbox, number, share);
};

loopPrototype.nativeId = function nativeId() {
  this._checkClosed();
  return postsOf(this).inbox;
};

loopPrototype.nativeApi = function nativeApi() {
  return loadAddon().nativeApi;
};

/**
 * `loop.share(functions)` on the running loop.
 * @throws as `loop.share`; RuntimeError when no loop is running, or it is not an EventLoop
 * @example
 * const handle = shareLoop({ add: (a: number, b: number) => a + b });
 * new Worker(url, { workerData: handle });
 */
export function shareLoop<F extends SharedFunctions>(functions: F): LoopHandle<F> {
  const loop = getRunningLoop();
  if (loop instanceof EventLoop) return loop.share(functions);
  throw new RuntimeError('only an EventLoop can be shared');
}
