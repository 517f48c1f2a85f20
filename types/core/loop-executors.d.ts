/**
 * The executors of one loop: the default one, which is made when it is first needed, and the way of
 * an answer back into the loop.
 */
import type { AbstractEventLoop } from './abstract-event-loop.ts';
import type { Duration } from './duration.ts';
import type { Executor, Work } from './executor.ts';
import { Future } from './future.ts';
/** Sets what makes the default executor of a loop; a higher room knows one. */
export declare function setDefaultExecutorFactory(make: () => Executor): void;
export declare class LoopExecutors {
    #private;
    constructor(loop: AbstractEventLoop);
    run<T>(given: Executor | null | undefined, work: Work, args: readonly unknown[]): Future<T>;
    /** The loop begins to ride in Node's, or has ended that. */
    ride(rides: boolean): void;
    setDefault(executor: Executor): void;
    shutdown(timeout: Duration | null | undefined): Future<void>;
    /** The loop is closed: nobody waits. @param terminate - not even for the end of the work */
    abandon(terminate: boolean): void;
}
