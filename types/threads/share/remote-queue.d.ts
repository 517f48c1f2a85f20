import type { SignalOptions } from '../../tasks/abort.ts';
import type { QueueHandleData } from './share-queue.ts';
import { ThreadFuture } from './thread-future.ts';
/**
 * A queue of a loop in another thread, as `connectQueue` gives it. Its calls give `ThreadFuture`s,
 * which can be awaited in a coroutine of any loop of this thread, and where none runs.
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
     * Takes the next item, after waiting for one. Cancel-safe: an item that was on its way to a `get`
     * that is given up is for another `get` of this thread.
     *
     * @throws RuntimeError when the loop is closed; the future: QueueShutDown when the queue was shut
     *   down and is drained, AbortError
     */
    get(options?: SignalOptions): ThreadFuture<T>;
    /** As `get()`, but gives `{ done: true }` when the queue was shut down. */
    next(): Promise<IteratorResult<T, undefined>>;
    /** Takes items until the queue is shut down and drained. */
    [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined>;
    /**
     * Adds an item, after waiting for room. A cancel asks for it not to come in, and may be too late.
     * @throws DataCloneError for what cannot travel; RuntimeError when the loop is closed; the
     *   future: QueueShutDown, AbortError
     */
    put(item: T, options?: SignalOptions): ThreadFuture<void>;
    /**
     * Says that the work on an item taken is done. @throws the future: RangeError when it is too
     * often
     */
    taskDone(): ThreadFuture<void>;
    /** Waits until there has been a `taskDone()` for every item. */
    join(): ThreadFuture<void>;
    /** How many items are in it. */
    qsize(): ThreadFuture<number>;
    /** Ends the queue, as `Queue.shutdown` does. */
    shutdown(immediate?: boolean): ThreadFuture<void>;
    toString(): string;
}
/**
 * Reaches a queue that another thread shares.
 *
 * @param handle - what `shareQueue` gave, as it arrived in this thread
 * @throws TypeError for anything else; RuntimeError when it is of another process
 * @example const jobs = connectQueue<string>(workerData);
 */
export declare function connectQueue<T>(handle: QueueHandleData<T>): RemoteQueue<T>;
