import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import type { Step } from '../tasks/step-iterator.ts';
/** Options of `Queue`. */
export interface QueueOptions {
    /** How many items it holds before `put()` waits; 0 (the default) or less: no limit. */
    maxsize?: number | undefined;
}
/**
 * A queue, first in, first out, bounded by `maxsize`.
 *
 * @example
 * const queue = new Queue<string>({ maxsize: 100 });
 * yield* queue.put('a');
 * const item = yield* queue.get();
 * queue.taskDone();
 */
export declare class Queue<T = unknown> {
    #private;
    /** How many items it holds before `put()` waits; 0 or less: no limit. */
    readonly maxsize: number;
    constructor(maxsize?: number | QueueOptions, options?: Omit<QueueOptions, 'maxsize'>);
    /** The number of items in the queue. */
    qsize(): number;
    /** Whether the queue has no items. */
    empty(): boolean;
    /** Whether a `put()` would have to wait. */
    full(): boolean;
    /**
     * Adds an item, waiting for room if necessary. Cancel-safe: after a cancel the item is not added.
     * @throws QueueShutDown after `shutdown()`; AbortError when `signal` aborts
     */
    put(item: T, options?: SignalOptions): Future<void>;
    /** Adds an item without waiting. @throws QueueFull when there is no room; QueueShutDown */
    putNowait(item: T): void;
    /**
     * Takes the next item, waiting for one if necessary. Cancel-safe: a cancelled call takes no item.
     * @throws QueueShutDown when the queue was shut down and is empty; AbortError when `signal`
     *   aborts
     */
    get(options?: SignalOptions): Future<T>;
    /**
     * Like `get()`, but returns `{ value }`, or `{ done: true }` when the queue was shut down and is
     * empty. Cancel-safe.
     */
    next(options?: SignalOptions): Future<Step<T>>;
    /**
     * Takes items until the queue is shut down and empty; leaving early does not affect the queue.
     * `taskDone()` must still be called for each item if `join()` is used.
     */
    [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined>;
    /** Takes the next item without waiting. @throws QueueEmpty when there is none; QueueShutDown */
    getNowait(): T;
    /**
     * Reports that the work on an item taken is done; `join()` waits for one such call per item put.
     * @throws RangeError when it is called more often than items were put
     */
    taskDone(): void;
    /**
     * Waits until `taskDone()` was called for every item put. Cancel-safe. @throws AbortError when
     * `signal` aborts
     */
    join(options?: SignalOptions): Future<void>;
    /**
     * Ends the queue: from now on `put` throws QueueShutDown, and `get` does once the queue is empty.
     * With `immediate` the items are dropped (and count as done). May be called again.
     */
    shutdown(immediate?: boolean): void;
    toString(): string;
}
