import type { AbstractEventLoop } from '../loop/abstract-event-loop.ts';
import type { EventLoop } from '../loop/event-loop.ts';
/**
 * The loop whose callback or coroutine is running. Its type is the one that nearly all loops have;
 * who has made one of his own says so: `getRunningLoop<MyLoop>()`.
 *
 * @throws RuntimeError when there is none: in a plain Node callback, or at module level
 * @example getRunningLoop().callLater('1s', refresh);
 */
export declare function getRunningLoop<L extends AbstractEventLoop = EventLoop>(): L;
