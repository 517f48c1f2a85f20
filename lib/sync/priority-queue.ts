/** A queue that returns the smallest item first. */
import { describe } from '../core/support/describe.ts';
import { Queue } from './queue.ts';
import type { QueueOptions } from './queue.ts';
import { byValue, HeapStore } from './item-store.ts';
import type { Store } from './item-store.ts';

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
export class PriorityQueue<T = unknown> extends Queue<T> {
  /** @throws TypeError for wrong options, or when `compare` is not a function */
  constructor(
    maxsize?: number | PriorityQueueOptions<T>,
    options?: Omit<PriorityQueueOptions<T>, 'maxsize'>,
  ) {
    super(maxsize, options);
  }

  /** @internal */
  override _optionNames(): readonly string[] {
    return ['compare', 'maxsize'];
  }

  /** @internal */
  override _makeStore({ compare }: PriorityQueueOptions<T>): Store<T> {
    if (compare !== undefined && typeof compare !== 'function') {
      throw new TypeError(`PriorityQueue: compare is ${describe(compare)}, not a function`);
    }
    return new HeapStore(compare ?? byValue);
  }
}
