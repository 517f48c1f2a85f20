import type { AbstractEventLoop } from './abstract-event-loop.ts';
import type { EventLoop } from './event-loop.ts';
declare module '../future/future.ts' {
    interface Future<T> {
        /** The loop it belongs to. Its type is as for `getRunningLoop`. */
        getLoop<L extends AbstractEventLoop = EventLoop>(): L;
    }
}
