import { Future } from '../core/future/future.ts';
import type { Task, TaskOptions } from '../core/task/task.ts';
import type { Coroutine } from '../core/support/types.ts';
import { ScopeRun } from './scope.ts';
import type { ScopeBody } from './scope.ts';
import type { StartBody } from './group-start.ts';
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
     */
    static run<T>(body: ScopeBody<TaskGroup, T>): ScopeRun<T | undefined>;
    /**
     * Starts a child. Children may start more, also while the group waits for the last of them.
     *
     * @throws RuntimeError when the group has ended or is ending by an error or a cancel; a generator
     *   is closed then
     */
    createTask<T>(coroutine: Coroutine<T>, options?: TaskOptions): Task<T>;
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
