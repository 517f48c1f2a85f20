import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import type { Step } from '../tasks/step-iterator.ts';
/** How a queue is made. */
export interface QueueOptions {
    /** How many items it holds before `put()` waits; 0 (the default) and less: any number. */
    maxsize?: number | undefined;
}
/**
 * A queue, first in, first out, with as much room as it is given.
 *
 * @example
 * const queue = new Queue<string>({ maxsize: 100 });
 * yield* queue.put('a');
 * const item = yield* queue.get();
 * queue.taskDone();
 */
export declare class Queue<T = unknown> {
    #private;
    /** How many items it holds before `put()` waits; 0 and less: any number. */
    readonly maxsize: number;
    constructor(maxsize?: number | QueueOptions, options?: Omit<QueueOptions, 'maxsize'>);
    /** How many items are in it. */
    qsize(): number;
    /** Whether there is no item. */
    empty(): boolean;
    /** Whether a `put()` would have to wait. */
    full(): boolean;
    /**
     * Adds an item, after waiting for room. Cancel-safe: once cancelled, the item does not come in.
     * @throws QueueShutDown; AbortError when `signal` aborts
     */
    put(item: T, options?: SignalOptions): Future<void>;
    /** Adds an item at once. @throws QueueFull; QueueShutDown */
    putNowait(item: T): void;
    /**
     * Takes the next item, after waiting for one. Cancel-safe: once cancelled, it takes none.
     * @throws QueueShutDown when the queue was shut down and is drained
     */
    get(options?: SignalOptions): Future<T>;
    /** As `get()`, but gives `{ done: true }` when the queue was shut down. Cancel-safe. */
    next(options?: SignalOptions): Future<Step<T>>;
    /**
     * Takes items until the queue is shut down and drained; leaving early leaves it as it is. Each
     * item still wants its `taskDone()`.
     */
    [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined>;
    /** Takes the next item at once. @throws QueueEmpty; QueueShutDown */
    getNowait(): T;
    /**
     * Says that the work on an item taken is done; `join()` waits for as many as were put.
     * @throws RangeError when it is called more often than items were put
     */
    taskDone(): void;
    /** Waits until there has been a `taskDone()` for every item. */
    join(options?: SignalOptions): Future<void>;
    /**
     * Ends the queue: putting throws QueueShutDown from now on, getting does when it is drained, or
     * at once with `immediate`, which drops the items (and counts them as done). Idempotent.
     */
    shutdown(immediate?: boolean): void;
    toString(): string;
}
