import { Future } from '../core/future/future.ts';
import type { Task, TaskOptions } from '../core/task/task.ts';
import type { Coroutine } from '../core/support/types.ts';
import type { DoneIterator } from './as-completed.ts';
import { ScopeRun } from './scope.ts';
import type { ScopeBody } from './scope.ts';
import type { StartBody } from './group-start.ts';
/** What a group waits for once its body has ended. */
export type GroupWait = 'all' | 'any' | 'firstResult';
/** Options of `TaskGroup.run`. */
export interface TaskGroupOptions {
    /**
     * What the group waits for once its body has ended: `'all'` children (the default), `'any'` (the
     * first child that ends), or `'firstResult'`, the first that returns something other than
     * undefined and null. The other children are then cancelled. A child that was cancelled does not
     * count, and an error ends the group in any case.
     */
    wait?: GroupWait | undefined;
}
/**
 * A group of tasks that end together. When one fails, the others and the body are cancelled, and
 * once all have ended the errors are thrown as one ExceptionGroup. A cancelled child is no error.
 *
 * @example
 * yield* TaskGroup.run(function* (group) {
 *   group.createTask(() => fetchPage(a));
 *   group.createTask(() => fetchPage(b));
 * }); // both are done here
 */
export declare class TaskGroup {
    #private;
    /** Called by `TaskGroup.run` only. */
    private constructor();
    /**
     * Runs the body with a new group, waits until all its tasks are done, and returns what the body
     * returned (undefined when `group.cancel()` ended it).
     *
     * @throws ExceptionGroup of the errors of children and body; CancelledError when the waiting task
     *   is cancelled, once the children have ended; KeyboardInterrupt of a child or the body,
     *   ungrouped; RuntimeError outside a task; TypeError for wrong arguments
     * @example const pages = yield* TaskGroup.run(function* (group) { … });
     * @example await TaskGroup.run(async (group) => { group.createTask(work); });
     * @example
     * const winner = yield* TaskGroup.run({ wait: 'any' }, function* (group) {
     *   for (const mirror of mirrors) group.createTask(() => fetchPage(mirror));
     *   return group;
     * });
     * winner.completed.result();
     */
    static run<T>(body: ScopeBody<TaskGroup, T>): ScopeRun<T | undefined>;
    static run<T>(options: TaskGroupOptions, body: ScopeBody<TaskGroup, T>): ScopeRun<T | undefined>;
    /**
     * Starts a child task. Children may start more, even while the group waits for the last of them.
     *
     * @throws RuntimeError when the group has ended, or is ending because of an error or cancel; a
     *   generator object that was passed is closed then. TypeError when `coroutine` is not a
     *   coroutine
     */
    createTask<T>(coroutine: Coroutine<T>, options?: TaskOptions): Task<T>;
    /** The first child that ended and met the group's `wait` option; null while there is none. */
    get completed(): Task<any> | null;
    /**
     * Waits for the next child to end, in the order in which they end; null when none is left.
     * Daemons are not included. A failed child ends the group as usual. Cancel-safe: a child that was
     * not taken is returned by the next call. (In the async lane `await` would also await the task
     * and give its result: write `for await (const task of group)` there.)
     *
     * @throws RuntimeError when more than 256 children had ended before the first call: they are not
     *   kept
     * @example
     * for (let task; (task = yield* group.nextDone()) !== null; ) console.log(task.getName());
     */
    nextDone(): Future<Task<any> | null>;
    /**
     * The same, but returns what the child returned, or throws what it threw; CancelledError for a
     * child that was cancelled.
     * @throws RuntimeError when none is left, and as for `nextDone`
     */
    nextResult(): Future<any>;
    /** The child tasks themselves, each once it has ended. */
    [Symbol.asyncIterator](): DoneIterator<Task<any>>;
    /**
     * Starts a child and waits until it calls `ready(value)`; returns that value. The child then
     * continues in the group. If it fails before that, the error is thrown here and does not affect
     * the group. Cancelling the wait cancels the child.
     *
     * @throws what the child throws before it is ready; RuntimeError when it ends without calling
     *   `ready`, and as for `createTask`
     * @example
     * const port = yield* group.start(function* (ready) {
     *   const server = yield* startServer(…);
     *   ready(server.port);
     *   yield* server.serveForever();
     * });
     */
    start<V>(body: StartBody<V>, options?: TaskOptions): Future<V>;
    /**
     * Cancels the children and the body; `run` throws nothing for this. Errors that are not cancels
     * are still thrown. A second call does nothing. @throws RuntimeError when the group was not made
     * by `run`
     */
    cancel(): void;
    toString(): string;
}
