/** Making loops, and the loop that is running, or set for the thread. */
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import { EventLoop } from './event-loop.ts';
import type { EventLoopOptions } from './event-loop-options.ts';
/** Makes loops in place of `new EventLoop`. */
export type EventLoopFactory = (options: EventLoopOptions) => AbstractEventLoop;
/**
 * The loop whose callback or coroutine is running. Its type is the one that nearly all loops have;
 * who has made one of his own says so: `getRunningLoop<MyLoop>()`.
 *
 * @throws RuntimeError when there is none: in a plain Node callback, or at module level
 * @example getRunningLoop().callLater('1s', refresh);
 */
export declare function getRunningLoop<L extends AbstractEventLoop = EventLoop>(): L;
/**
 * A new loop, made by the factory when one is set. Its type is the one that nearly all loops have;
 * who has set a factory of another kind says so: `newEventLoop<MyLoop>()`.
 *
 * @throws Error for a driver that there is not
 * @example newEventLoop({ driver: 'virtual' })
 */
export declare function newEventLoop<L extends AbstractEventLoop = EventLoop>(options?: EventLoopOptions): L;
/**
 * Sets what `newEventLoop`, `run` and `Runner` make loops with; null: `new EventLoop`.
 *
 * @throws TypeError when it is neither a function nor null
 * @example setEventLoopFactory((options) => new CountingLoop(options));
 */
export declare function setEventLoopFactory(make: EventLoopFactory | null): void;
/**
 * Sets the loop that `getEventLoop` gives where none is running, and that calls outside of any
 * coroutine use (`gather`, `sleep`, `ensureFuture`, `new Future()`, `queue.get()`); null: none.
 *
 * @throws TypeError when it is neither a loop nor null
 * @example setEventLoop(newEventLoop());
 */
export declare function setEventLoop(loop: AbstractEventLoop | null | undefined): void;
/**
 * The running loop, else the one that was set. Its type is as for `getRunningLoop`.
 * @throws RuntimeError when there is neither; none is made
 * @example getEventLoop().callSoon(refresh);
 */
export declare function getEventLoop<L extends AbstractEventLoop = EventLoop>(): L;
