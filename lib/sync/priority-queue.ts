/** A queue that gives the smallest item first. */
import { describe } from '../core/describe.ts';
import { Queue } from './queue.ts';
import type { QueueOptions } from './queue.ts';
import { byValue, HeapStore } from './store.ts';
import type { Store } from './store.ts';

/** How a priority queue is made. */
export interface PriorityQueueOptions<T> extends QueueOptions {
  /** As for `Array.sort`; by default the order of `<`, for arrays item by item. */
  compare?: ((a: T, b: T) => number) | undefined;
}

/**
 * A queue that gives the smallest item first; equal ones in the order in which they came.
 *
 * @example
 * const queue = new PriorityQueue<[number, string]>();
 * queue.putNowait([2, 'later']);
 * queue.putNowait([1, 'first']);
 * @example
 * new PriorityQueue<Job>({ compare: (a, b) => a.due - b.due });
 */
export class PriorityQueue<T = unknown> extends Queue<T> {
  constructor(options: number | PriorityQueueOptions<T> = 0) {
    super(options);
  }

  /** @internal */
  override _makeStore(options: number | PriorityQueueOptions<T>): Store<T> {
    const compare = typeof options === 'object' ? options.compare : undefined;
    if (compare !== undefined && typeof compare !== 'function') {
      throw new TypeError(`PriorityQueue: compare is ${describe(compare)}, not a function`);
    }
    return new HeapStore(compare ?? byValue);
  }
}
