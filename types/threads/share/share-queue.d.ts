import type { Coro } from '../../core/support/types.ts';
import { Queue } from '../../sync/queue.ts';
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
export declare function shareQueue<T>(queue: Queue<T>): QueueHandle<T>;
