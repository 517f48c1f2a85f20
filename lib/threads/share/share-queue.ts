/** Queues that tasks of a loop and other threads use together: the side of the loop. */
import { CancelledError } from '../../core/errors/errors.ts';
import { describe } from '../../core/support/describe.ts';
import { currentTask } from '../../core/task/task-registry.ts';
import type { Task } from '../../core/task/task.ts';
import type { Coro } from '../../core/support/types.ts';
import { loadAddon } from '../../native/load.ts';
import { Queue } from '../../sync/queue.ts';
import { shareLoop } from './install-share.ts';
import type { LoopHandle, LoopHandleData } from './loop-handle.ts';

/** What other threads may call. */
export interface QueueFunctions<T> extends Record<string, (...args: any[]) => unknown> {
  get(ticket: number, caller: number): Coro<T>;
  withdraw(ticket: number, caller: number): void;
  put(item: T): Coro<void>;
  taskDone(): void;
  join(): Coro<void>;
  qsize(): number;
  shutdown(immediate: boolean): void;
}

/** What `shareQueue` gives: send it to other threads, and close it when it is over. */
export type QueueHandle<T> = LoopHandle<QueueFunctions<T>>;
/** What is left of it in another thread. */
export type QueueHandleData<T> = LoopHandleData<QueueFunctions<T>>;

/**
 * Lets other threads use a queue of the running loop, which its own tasks go on to use as ever:
 * what one side puts, the other gets, `maxsize` holds for all, and the order is one for all. Send
 * what it returns to another thread (`workerData`, `postMessage`) and hand it to `connectQueue`
 * there. Items that cross are copied, as structured clone does. (curio's `UniversalQueue`.)
 *
 * Until the handle is closed, or unref'ed, the loop waits for calls, as with `shareLoop`.
 *
 * @throws TypeError for anything but a queue; RuntimeError when no loop is running
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
        // A thread that has ended meanwhile must not take what others could do.
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

/** A get of another thread: who asks, and its number there; numbers only grow. */
type Key = `${number}:${number}`;

/** The gets of other threads that wait, so that they can be taken back. */
class RemoteGets {
  readonly #tasks: Map<Key, Task<any>> = new Map();
  /** The last one of each thread whose task has begun. */
  readonly #begun: Map<number, number> = new Map();
  /** Taken back before that. */
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

  /** For one that is done it is too late: its item is on its way, and is kept there. */
  withdraw(ticket: number, caller: number): void {
    const task = this.#tasks.get(`${caller}:${ticket}`);
    if (task !== undefined) task.cancel();
    else if (ticket > (this.#begun.get(caller) ?? 0)) this.#early.add(`${caller}:${ticket}`);
  }
}
