import type { AbstractEventLoop } from '../core/abstract-event-loop.ts';
import { Context } from '../core/context.ts';
import type { AwaitableLike } from '../core/types.ts';
export interface RunOptions {
    /** Debug mode; by default what OXBOW_DEBUG in the environment says. */
    debug?: boolean | undefined;
    /** Makes the loop; by default `newEventLoop`. */
    loopFactory?: (() => AbstractEventLoop) | undefined;
}
/**
 * Runs coroutines one after the other on one loop, in one context.
 *
 * @example
 * await using runner = new Runner();
 * await runner.run(first);
 * await runner.run(second);
 */
export declare class Runner {
    #private;
    constructor(options?: RunOptions);
    /** The loop; made at the first call. @throws RuntimeError once the runner is closed */
    getLoop(): AbstractEventLoop;
    /**
     * Runs `main` as a guest of Node's loop until it is done.
     *
     * The first Ctrl-C cancels it, and if it then ends cancelled the Promise is rejected with
     * KeyboardInterrupt; the second ends the loop at once.
     *
     * @throws what main throws; RuntimeError inside a running loop
     */
    run<T>(main: AwaitableLike<T>, options?: {
        context?: Context | undefined;
    }): Promise<T>;
    /** The same, but owns the thread and returns the result. @throws DeadlockError also */
    runSync<T>(main: AwaitableLike<T>, options?: {
        context?: Context | undefined;
    }): T;
    /** Cancels the tasks that are left, waits for them, and closes the loop. */
    close(): Promise<void>;
    /** `close` for a runner that owned the thread. */
    closeSync(): void;
    [Symbol.asyncDispose](): Promise<void>;
    [Symbol.dispose](): void;
}
