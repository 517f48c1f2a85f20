import { Future } from '../core/future/future.ts';
import type { Task, TaskOptions } from '../core/task/task.ts';
import type { Coroutine } from '../core/support/types.ts';
import type { DoneIterator } from './as-completed.ts';
import { ScopeRun } from './scope.ts';
import type { ScopeBody } from './scope.ts';
import type { StartBody } from './group-start.ts';
/** What a group waits for when its body has ended. */
export type GroupWait = 'all' | 'any' | 'firstResult';
/** How a group is made. */
export interface TaskGroupOptions {
    /**
     * What the group waits for when its body has ended: `'all'` children (the default), `'any'` (the
     * first that ends), or `'firstResult'`, the first that gives something other than undefined and
     * null. The rest is cancelled then. A child that was cancelled does not count, and an error ends
     * the group in any case.
     */
    wait?: GroupWait | undefined;
}
/**
 * Tasks that belong together. When one fails, the others and the body are cancelled, and when all
 * have ended the errors are thrown as one ExceptionGroup. A child that is cancelled is no error.
 *
 * @example
 * yield* TaskGroup.run(function* (group) {
 *   group.createTask(() => fetchPage(a));
 *   group.createTask(() => fetchPage(b));
 * }); // both are done here
 */
export declare class TaskGroup {
    #private;
    /** A group begins with its body: `TaskGroup.run` makes it. */
    private constructor();
    /**
     * Runs the body with a new group, waits until every task of it is done, and gives what the body
     * returned (undefined when `group.cancel()` ended it).
     *
     * @throws ExceptionGroup of what children and body threw; CancelledError when the waiting task is
     *   cancelled, after the children have ended; RuntimeError outside a task
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
     * Starts a child. Children may start more, also while the group waits for the last of them.
     *
     * @throws RuntimeError when the group has ended or is ending by an error or a cancel; a generator
     *   is closed then
     */
    createTask<T>(coroutine: Coroutine<T>, options?: TaskOptions): Task<T>;
    /** The first child that ended as the group's `wait` asks, or null: there was none yet. */
    get completed(): Task<any> | null;
    /**
     * Waits for the next child that ends, in the order in which they end; null when none is left.
     * Daemons are left out. What has failed ends the group as ever. Cancel-safe: a child that was not
     * taken is for the next call. (In the async lane `await` would wait for the task as well, and
     * give its result: write `for await (const task of group)` there.)
     *
     * @throws RuntimeError when more than 256 had ended before the first call: they are not kept
     * @example
     * for (let task; (task = yield* group.nextDone()) !== null; ) console.log(task.getName());
     */
    nextDone(): Future<Task<any> | null>;
    /**
     * The same, but gives what the child returned, or throws what it threw; CancelledError for one
     * that was cancelled.
     * @throws RuntimeError when none is left, and as `nextDone` does
     */
    nextResult(): Future<any>;
    /** The children themselves, each when it has ended. */
    [Symbol.asyncIterator](): DoneIterator<Task<any>>;
    /**
     * Starts a child and waits until it says that it is ready: gives what it hands to `ready`. The
     * child goes on in the group. One that fails before throws from here and leaves the group alone.
     *
     * @throws RuntimeError when the child ends without being ready
     * @example
     * const port = yield* group.start(function* (ready) {
     *   const server = yield* startServer(…);
     *   ready(server.port);
     *   yield* server.serveForever();
     * });
     */
    start<V>(body: StartBody<V>, options?: TaskOptions): Future<V>;
    /** Ends children and body without an error of its own; idempotent. Real errors still come out. */
    cancel(): void;
    toString(): string;
}
