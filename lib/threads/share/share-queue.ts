/** Queues shared between the tasks of a loop and other threads: the loop's side. */
import { CancelledError } from '../../core/errors/errors.ts';
import { describe } from '../../core/support/describe.ts';
import { currentTask } from '../../core/task/task-registry.ts';
import type { Task } from '../../core/task/task.ts';
import type { Coro } from '../../core/support/types.ts';
import { loadAddon } from '../../native/load.ts';
import { Queue } from '../../sync/queue.ts';
import { shareLoop } from './install-share.ts';
import type { LoopHandle, LoopHandleData } from './loop-handle.ts';

/** The functions that other threads call. */
export interface QueueFunctions<T> extends Record<string, (...args: any[]) => unknown> {
  get(ticket: number, caller: number): Coro<T>;
  withdraw(ticket: number, caller: number): void;
  put(item: T): Coro<void>;
  taskDone(): void;
  join(): Coro<void>;
  qsize(): number;
  shutdown(immediate: boolean): void;
}

/** Returned by `shareQueue`: send it to other threads, and close it when it is no longer needed. */
export type QueueHandle<T> = LoopHandle<QueueFunctions<T>>;
/** The handle as it arrives in another thread. */
export type QueueHandleData<T> = LoopHandleData<QueueFunctions<T>>;

/**
 * Lets other threads use a queue of the running loop together with the loop's own tasks: items put
 * by one side can be taken by the other, and `maxsize` and the order apply to all. Send the
 * returned handle to another thread (`workerData`, `postMessage`) and pass it to `connectQueue`
 * there. Items sent between threads are copied, as by structured clone. (curio's `UniversalQueue`.)
 *
 * Until the handle is closed, or unref'ed, the loop waits for calls, as with `shareLoop`.
 *
 * @throws TypeError when `queue` is not a Queue; RuntimeError when no loop is running
 * @example
 * const jobs = new Queue<string>({ maxsize: 100 });
 * const worker = new Worker(url, { workerData: shareQueue(jobs) });
 * yield* jobs.put('a job');
 */
export function shareQueue<T>(queue: Queue<T>): QueueHandle<T> {
  if (!(queue instanceof Queue)) {
    throw new TypeError(`shareQueue(): ${describe(queue)} is no Queue`);
  }
  const waits = new RemoteGets();
  const functions: QueueFunctions<T> = {
    *get(ticket, caller) {
      waits.begin(ticket, caller);
      try {
        const item = yield* queue.get();
        // A thread that has ended meanwhile must not take an item from others.
        if (loadAddon().isOpen(caller)) return item;
        queue._putBack(item);
        throw new CancelledError('the thread has ended');
      } finally {
        waits.end(ticket, caller);
      }
    },
    withdraw: (ticket, caller) => waits.withdraw(ticket, caller),
    *put(item) {
      yield* queue.put(item);
    },
    taskDone: () => queue.taskDone(),
    *join() {
      yield* queue.join();
    },
    qsize: () => queue.qsize(),
    shutdown: (immediate) => queue.shutdown(immediate),
  };
  return shareLoop(functions);
}

/**
 * The key of a get from another thread: the caller's inbox and its ticket; tickets only increase.
 */
type Key = `${number}:${number}`;

/** The waiting gets of other threads, so that they can be withdrawn. */
class RemoteGets {
  readonly #tasks: Map<Key, Task<any>> = new Map();
  /** The last ticket of each thread whose task has started. */
  readonly #begun: Map<number, number> = new Map();
  /** Gets that were withdrawn before their task started. */
  readonly #early: Set<Key> = new Set();

  begin(ticket: number, caller: number): void {
    this.#begun.set(caller, ticket);
    if (this.#early.delete(`${caller}:${ticket}`)) throw new CancelledError();
    this.#tasks.set(`${caller}:${ticket}`, currentTask()!);
  }

  end(ticket: number, caller: number): void {
    this.#tasks.delete(`${caller}:${ticket}`);
    if (!loadAddon().isOpen(caller)) this.#begun.delete(caller);
  }

  /**
   * Cancels a get. If it is already done, its item is on its way and the caller's thread keeps it.
   */
  withdraw(ticket: number, caller: number): void {
    const task = this.#tasks.get(`${caller}:${ticket}`);
    if (task !== undefined) task.cancel();
    else if (ticket > (this.#begun.get(caller) ?? 0)) this.#early.add(`${caller}:${ticket}`);
  }
}
