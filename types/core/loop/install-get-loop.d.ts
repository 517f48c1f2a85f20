import type { AbstractEventLoop } from './abstract-event-loop.ts';
import type { EventLoop } from './event-loop.ts';
declare module '../future/future.ts' {
    interface Future<T> {
        /** The loop it belongs to. It is typed as for `getRunningLoop`. */
        getLoop<L extends AbstractEventLoop = EventLoop>(): L;
    }
}
