import { Queue } from './queue.ts';
import type { QueueOptions } from './queue.ts';
/** Options of `PriorityQueue`. */
export interface PriorityQueueOptions<T> extends QueueOptions {
    /**
     * Compares two items, as for `Array.sort`; by default the order of `<`, for arrays item by item.
     * It must not use the queue.
     */
    compare?: ((a: T, b: T) => number) | undefined;
}
/**
 * A queue that returns the smallest item first; equal items in the order in which they were put.
 *
 * @example
 * const queue = new PriorityQueue<[number, string]>();
 * queue.putNowait([2, 'later']);
 * queue.putNowait([1, 'first']);
 * @example
 * new PriorityQueue<Job>({ compare: (a, b) => a.due - b.due });
 */
export declare class PriorityQueue<T = unknown> extends Queue<T> {
    /** @throws TypeError for wrong options, or when `compare` is not a function */
    constructor(maxsize?: number | PriorityQueueOptions<T>, options?: Omit<PriorityQueueOptions<T>, 'maxsize'>);
}
