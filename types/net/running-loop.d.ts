import { EventLoop } from '../core/event-loop.ts';
/**
 * The running loop, which must be one on the native engine: connections live there.
 * @throws RuntimeError when none is running, or one that only extends AbstractEventLoop
 */
export declare function runningEventLoop(): EventLoop;
