/** A queue of a loop in another thread. */
import { QueueShutDown } from '../../core/errors/errors.ts';
import { showsText } from '../../core/support/shows-text.ts';
import { abortedFirst, NO_OPTIONS } from '../../tasks/abort.ts';
import type { SignalOptions } from '../../tasks/abort.ts';
import { callsHere, connectLoop } from './remote-loop.ts';
import type { RemoteLoop } from './remote-loop.ts';
import type { QueueFunctions, QueueHandleData } from './share-queue.ts';
import { ThreadFuture } from './thread-future.ts';

/** A `get` that waits. */
interface Waiting<T> {
  readonly future: ThreadFuture<T>;
  readonly ticket: number;
  readonly caller: number;
}

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
export class RemoteQueue<T = unknown> {
  readonly #remote: RemoteLoop<QueueFunctions<T>>;
  readonly #waiting: Set<Waiting<T>> = new Set();
  /** Came for a `get` that had been given up. */
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
   * Takes the next item, after waiting for one. Cancel-safe: an item that was on its way to a `get`
   * that is given up is for another `get` of this thread.
   *
   * @throws RuntimeError when the loop is closed; the future: QueueShutDown when the queue was shut
   *   down and is drained, AbortError
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
    // The waiter has the error, and one of a get that was given up has no reader.
    call._markRetrieved();
    if (wanted) waiting.future._finish(call._state, call._outcome);
    else if (call._state === 'finished') this.#passOn(call._outcome as T);
  }

  /** Nobody waits for this item any more: it is for the next one who does. */
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

  /** As `get()`, but gives `{ done: true }` when the queue was shut down. */
  async next(): Promise<IteratorResult<T, undefined>> {
    try {
      return { done: false, value: await this.get() };
    } catch (error) {
      if (error instanceof QueueShutDown) return { done: true, value: undefined };
      throw error;
    }
  }

  /** Takes items until the queue is shut down and drained. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    return {
      next: () => this.next(),
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /**
   * Adds an item, after waiting for room. A cancel asks for it not to come in, and may be too late.
   * @throws DataCloneError for what cannot travel; RuntimeError when the loop is closed; the
   *   future: QueueShutDown, AbortError
   */
  put(item: T, options: SignalOptions = NO_OPTIONS): ThreadFuture<void> {
    const aborted = abortedFirst('put()', options);
    if (aborted !== null) throw aborted;
    const future = this.#remote.runCoroutineThreadsafe('put', item) as ThreadFuture<void>;
    return future._followSignal(options.signal);
  }

  /**
   * Says that the work on an item taken is done. @throws the future: RangeError when it is too
   * often
   */
  taskDone(): ThreadFuture<void> {
    return this.#remote.runCoroutineThreadsafe('taskDone') as ThreadFuture<void>;
  }

  /** Waits until there has been a `taskDone()` for every item. */
  join(): ThreadFuture<void> {
    return this.#remote.runCoroutineThreadsafe('join') as ThreadFuture<void>;
  }

  /** How many items are in it. */
  qsize(): ThreadFuture<number> {
    return this.#remote.runCoroutineThreadsafe('qsize') as ThreadFuture<number>;
  }

  /** Ends the queue, as `Queue.shutdown` does. */
  shutdown(immediate: boolean = false): ThreadFuture<void> {
    return this.#remote.runCoroutineThreadsafe('shutdown', immediate) as ThreadFuture<void>;
  }

  toString(): string {
    return `<RemoteQueue ${this.isClosed() ? 'closed' : 'open'} getters[${this.#waiting.size}]>`;
  }
}

/**
 * Reaches a queue that another thread shares.
 *
 * @param handle - what `shareQueue` gave, as it arrived in this thread
 * @throws TypeError for anything else; RuntimeError when it is of another process
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
