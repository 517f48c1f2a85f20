import type { SignalOptions } from '../../tasks/abort.ts';
import type { QueueHandleData } from './share-queue.ts';
import { ThreadFuture } from './thread-future.ts';
/**
 * A queue of a loop in another thread, returned by `connectQueue`. Its calls return
 * `ThreadFuture`s, which can be awaited in a coroutine of any loop of this thread, or without a
 * running loop.
 *
 * @example
 * const jobs = connectQueue<string>(workerData);
 * for await (const job of jobs) {
 *   perform(job);
 *   await jobs.taskDone();
 * }
 */
export declare class RemoteQueue<T = unknown> {
    #private;
    private constructor();
    /** Whether the queue's loop is closed, or its thread has ended. */
    isClosed(): boolean;
    /**
     * Takes the next item, waiting for one if necessary. Cancel-safe: an item that arrives for a
     * cancelled `get` goes to another `get` of this thread.
     *
     * @throws RuntimeError when the loop is closed; AbortError when `signal` has already aborted;
     *   (the future) QueueShutDown when the queue was shut down and is empty, AbortError when
     *   `signal` aborts
     */
    get(options?: SignalOptions): ThreadFuture<T>;
    /**
     * Like `get()`, but returns `{ value }`, or `{ done: true }` when the queue was shut down and is
     * empty.
     */
    next(): Promise<IteratorResult<T, undefined>>;
    /** Takes items until the queue is shut down and empty. */
    [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined>;
    /**
     * Adds an item, waiting for room if necessary. Not cancel-safe: a cancel may come too late, and
     * the item is then added all the same.
     * @throws DataCloneError for an item that cannot be copied; RuntimeError when the loop is closed;
     *   AbortError when `signal` has already aborted; (the future) QueueShutDown, AbortError when
     *   `signal` aborts
     */
    put(item: T, options?: SignalOptions): ThreadFuture<void>;
    /**
     * Reports that the work on an item taken is done. @throws (the future) RangeError when it was
     * called more often than items were put
     */
    taskDone(): ThreadFuture<void>;
    /** Waits until `taskDone()` was called for every item put. */
    join(): ThreadFuture<void>;
    /** The number of items in the queue. */
    qsize(): ThreadFuture<number>;
    /** Ends the queue; see `Queue.shutdown`. */
    shutdown(immediate?: boolean): ThreadFuture<void>;
    toString(): string;
}
/**
 * Connects to a queue that another thread shares.
 *
 * @param handle - the handle of `shareQueue`, as it arrived in this thread
 * @throws TypeError for anything else; RuntimeError when it is from another process or version
 * @example const jobs = connectQueue<string>(workerData);
 */
export declare function connectQueue<T>(handle: QueueHandleData<T>): RemoteQueue<T>;
