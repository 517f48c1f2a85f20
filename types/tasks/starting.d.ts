import { Future } from '../core/future.ts';
import type { Task, TaskOptions } from '../core/task.ts';
import type { Coro } from '../core/types.ts';
/** The body of a child that is started; it calls `ready` once. */
export type StartBody<V> = (ready: (value: V) => void) => Coro<unknown> | PromiseLike<unknown>;
/** The wait until the child is ready. Cancelling it cancels the child, and waits for its end. */
export declare class Starting<V> extends Future<V> {
    #private;
    /** @internal */
    _begin(body: StartBody<V>, options: TaskOptions | undefined): Task<any>;
    cancel(reason?: unknown): boolean;
    /** @internal The child has ended. @returns whether that was the end of its start */
    _childDone(task: Task<any>): boolean;
}
