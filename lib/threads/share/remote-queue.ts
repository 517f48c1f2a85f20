/** A queue of a loop in another thread. */
import { QueueShutDown } from '../../core/errors/errors.ts';
import { showsText } from '../../core/support/shows-text.ts';
import { abortedFirst, NO_OPTIONS } from '../../tasks/abort.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import { callsHere, connectLoop } from './remote-loop.ts';
import type { RemoteLoop } from './remote-loop.ts';
import type { QueueFunctions, QueueHandleData } from './share-queue.ts';
import { ThreadFuture } from './thread-future.ts';

/** A waiting `get`. */
interface Waiting<T> {
  readonly future: ThreadFuture<T>;
  readonly ticket: number;
  readonly caller: number;
}

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
export class RemoteQueue<T = unknown> {
  readonly #remote: RemoteLoop<QueueFunctions<T>>;
  readonly #waiting: Set<Waiting<T>> = new Set();
  /** Items that arrived for a cancelled `get`. */
  readonly #returned: T[] = [];
  #lastTicket = 0;

  /** @internal */
  constructor(remote: RemoteLoop<QueueFunctions<T>>) {
    this.#remote = remote;
  }

  /** Whether the queue's loop is closed, or its thread has ended. */
  isClosed(): boolean {
    return this.#remote.isClosed();
  }

  /**
   * Takes the next item, waiting for one if necessary. Cancel-safe: an item that arrives for a
   * cancelled `get` goes to another `get` of this thread.
   *
   * @throws RuntimeError when the loop is closed; AbortError when `signal` has already aborted;
   *   (the future) QueueShutDown when the queue was shut down and is empty, AbortError when
   *   `signal` aborts
   */
  get(options: SignalOptions = NO_OPTIONS): ThreadFuture<T> {
    const aborted = abortedFirst('get()', options);
    if (aborted !== null) throw aborted;
    if (this.#returned.length > 0) {
      const future = new ThreadFuture<T>(() => {});
      future._finish('finished', this.#returned.shift());
      return future;
    }
    const ticket = ++this.#lastTicket;
    const caller = callsHere().inbox;
    const future = new ThreadFuture<T>(() => this.#giveUp(waiting));
    const waiting: Waiting<T> = { future, ticket, caller };
    const call = this.#remote.runCoroutineThreadsafe('get', ticket, caller) as ThreadFuture<T>;
    this.#waiting.add(waiting);
    call._whenDone(() => this.#answered(waiting, call));
    return future._followSignal(options.signal);
  }

  #giveUp(waiting: Waiting<T>): void {
    this.#waiting.delete(waiting);
    this.#withdraw(waiting);
  }

  #withdraw({ ticket, caller }: Waiting<T>): void {
    if (!this.isClosed()) this.#remote.callSoonThreadsafe('withdraw', ticket, caller);
  }

  #answered(waiting: Waiting<T>, call: ThreadFuture<T>): void {
    const wanted = this.#waiting.delete(waiting);
    // Its error is passed to the waiter, or ignored if the get was cancelled.
    call._markRetrieved();
    if (wanted) waiting.future._finish(call._state, call._outcome);
    else if (call._state === 'finished') this.#passOn(call._outcome as T);
  }

  /** The get for this item was cancelled: gives it to another waiting get, or keeps it. */
  #passOn(item: T): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#returned.push(item);
      return;
    }
    this.#waiting.delete(next);
    this.#withdraw(next);
    next.future._finish('finished', item);
  }

  /**
   * Like `get()`, but returns `{ value }`, or `{ done: true }` when the queue was shut down and is
   * empty.
   */
  async next(): Promise<IteratorResult<T, undefined>> {
    try {
      return { done: false, value: await this.get() };
    } catch (error) {
      if (error instanceof QueueShutDown) return { done: true, value: undefined };
      throw error;
    }
  }

  /** Takes items until the queue is shut down and empty. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    return {
      next: () => this.next(),
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /**
   * Adds an item, waiting for room if necessary. Not cancel-safe: a cancel may come too late, and
   * the item is then added all the same.
   * @throws DataCloneError for an item that cannot be copied; RuntimeError when the loop is closed;
   *   AbortError when `signal` has already aborted; (the future) QueueShutDown, AbortError when
   *   `signal` aborts
   */
  put(item: T, options: SignalOptions = NO_OPTIONS): ThreadFuture<void> {
    const aborted = abortedFirst('put()', options);
    if (aborted !== null) throw aborted;
    const future = this.#remote.runCoroutineThreadsafe('put', item) as ThreadFuture<void>;
    return future._followSignal(options.signal);
  }

  /**
   * Reports that the work on an item taken is done. @throws (the future) RangeError when it was
   * called more often than items were put
   */
  taskDone(): ThreadFuture<void> {
    return this.#remote.runCoroutineThreadsafe('taskDone') as ThreadFuture<void>;
  }

  /** Waits until `taskDone()` was called for every item put. */
  join(): ThreadFuture<void> {
    return this.#remote.runCoroutineThreadsafe('join') as ThreadFuture<void>;
  }

  /** The number of items in the queue. */
  qsize(): ThreadFuture<number> {
    return this.#remote.runCoroutineThreadsafe('qsize') as ThreadFuture<number>;
  }

  /** Ends the queue; see `Queue.shutdown`. */
  shutdown(immediate: boolean = false): ThreadFuture<void> {
    return this.#remote.runCoroutineThreadsafe('shutdown', immediate) as ThreadFuture<void>;
  }

  toString(): string {
    return `<RemoteQueue ${this.isClosed() ? 'closed' : 'open'} getters[${this.#waiting.size}]>`;
  }
}

/**
 * Connects to a queue that another thread shares.
 *
 * @param handle - the handle of `shareQueue`, as it arrived in this thread
 * @throws TypeError for anything else; RuntimeError when it is from another process or version
 * @example const jobs = connectQueue<string>(workerData);
 */
export function connectQueue<T>(handle: QueueHandleData<T>): RemoteQueue<T> {
  const remote = connectLoop<QueueFunctions<T>>(handle);
  if (!remote.functions.includes('withdraw')) {
    throw new TypeError('connectQueue(): the handle is not what shareQueue() gave');
  }
  return new RemoteQueue(remote);
}

showsText(RemoteQueue);
