import { LoopHandle } from './loop-handle.ts';
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
/**
 * `loop.share(functions)` on the running loop.
 * @throws as `loop.share`; RuntimeError when no loop is running, or it is not an EventLoop
 * @example
 * const handle = shareLoop({ add: (a: number, b: number) => a + b });
 * new Worker(url, { workerData: handle });
 */
export declare function shareLoop<F extends SharedFunctions>(functions: F): LoopHandle<F>;
