import type { Coro } from '../../core/support/types.ts';
import { Queue } from '../../sync/queue.ts';
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
export declare function shareQueue<T>(queue: Queue<T>): QueueHandle<T>;
