/** A queue that returns the newest item first. */
import { Queue } from './queue.ts';
/**
 * A queue that returns the newest item first.
 * @example const stack = new LifoQueue<number>();
 */
export declare class LifoQueue<T = unknown> extends Queue<T> {
}
