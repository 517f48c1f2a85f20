/** Creating loops; the running loop, and the one that is set for the thread. */
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import { EventLoop } from './event-loop.ts';
import type { EventLoopOptions } from './event-loop-options.ts';
/** Creates loops in place of `new EventLoop`. */
export type EventLoopFactory = (options: EventLoopOptions) => AbstractEventLoop;
/**
 * The loop whose callback or coroutine is running. It is typed as an `EventLoop`; for a custom loop
 * class write `getRunningLoop<MyLoop>()`.
 *
 * @throws RuntimeError when no loop is running: in a plain Node callback, or at module level
 * @example getRunningLoop().callLater('1s', refresh);
 */
export declare function getRunningLoop<L extends AbstractEventLoop = EventLoop>(): L;
/**
 * Creates a loop, with the factory if one is set (`setEventLoopFactory`). It is typed as an
 * `EventLoop`; for a factory of a custom class write `newEventLoop<MyLoop>()`.
 *
 * @throws Error for a driver that this platform does not have; TypeError, RangeError for options
 *   that a loop does not have
 * @example newEventLoop({ driver: 'virtual' })
 */
export declare function newEventLoop<L extends AbstractEventLoop = EventLoop>(options?: EventLoopOptions): L;
/**
 * Sets the function with which `newEventLoop`, `run` and `Runner` create loops; null for
 * `new EventLoop`.
 *
 * @throws TypeError when it is neither a function nor null
 * @example setEventLoopFactory((options) => new CountingLoop(options));
 */
export declare function setEventLoopFactory(make: EventLoopFactory | null): void;
/**
 * Sets the loop that `getEventLoop` returns when none is running, and that calls outside any
 * coroutine use (`gather`, `sleep`, `ensureFuture`, `new Future()`, `queue.get()`); null for none.
 *
 * @throws TypeError when it is neither a loop nor null
 * @example setEventLoop(newEventLoop());
 */
export declare function setEventLoop(loop: AbstractEventLoop | null | undefined): void;
/**
 * The running loop, or else the one set by `setEventLoop`. It is typed as for `getRunningLoop`.
 * @throws RuntimeError when there is neither; no loop is created
 * @example getEventLoop().callSoon(refresh);
 */
export declare function getEventLoop<L extends AbstractEventLoop = EventLoop>(): L;
