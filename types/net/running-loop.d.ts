import { EventLoop } from '../core/event-loop.ts';
/**
 * The running loop, or the one of `setEventLoop`, which must be one on the native engine:
 * connections live there.
 *
 * @param call - for the message: `openConnection()`
 * @throws RuntimeError when there is none; NotImplementedError for one that only extends
 *   AbstractEventLoop
 */
export declare function loopWithNetwork(call: string): EventLoop;
