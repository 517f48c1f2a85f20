/** Running a main coroutine on a loop of its own, with Ctrl-C and a clean end. */
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { Context } from '../core/context/context.ts';
import { EventLoop } from '../core/loop/event-loop.ts';
import type { AwaitableLike } from '../core/support/types.ts';
/** How `run`, `runSync` and `Runner` make their loop. */
export interface RunOptions<L extends AbstractEventLoop = AbstractEventLoop> {
    /** Debug mode; by default what OXBOW_DEBUG in the environment says. */
    debug?: boolean | null | undefined;
    /** Whether your own AsyncLocalStorage stores go with what you schedule, as for `newEventLoop`. */
    asyncLocalStorage?: boolean | null | undefined;
    /** Makes the loop; by default `newEventLoop`. */
    loopFactory?: (() => L) | null | undefined;
    /**
     * Whether async generators that are left at a `yield` are closed at the end; true by default. For
     * that, `next` of all async generators is wrapped while the loop runs; false leaves it alone.
     */
    asyncgenHooks?: boolean | null | undefined;
    /**
     * What becomes of errors of tasks and futures that nobody has looked at by the end:
     * `'report'` (the default): the loop's exception handler is called with each. `'throw'`: `run`,
     * or `close` of a Runner, throws it, or an ExceptionGroup of several; when main fails, its own
     * error is thrown and those are reported.
     */
    unhandled?: 'report' | 'throw' | null | undefined;
}
/**
 * Runs coroutines one after the other on one loop, in one context.
 *
 * @example
 * await using runner = new Runner();
 * await runner.run(first);
 * await runner.run(second);
 */
export declare class Runner<L extends AbstractEventLoop = EventLoop> {
    #private;
    constructor(options?: RunOptions<L>);
    /** The loop; made at the first call. @throws RuntimeError once the runner is closed */
    getLoop(): L;
    /**
     * Runs `main` as a guest of Node's loop until it is done.
     *
     * The first Ctrl-C or SIGTERM cancels it, and if it then ends cancelled the Promise is rejected
     * with KeyboardInterrupt or Terminated; the second ends the loop at once. Not so where the
     * program listens to that signal itself.
     *
     * @throws what main throws; RuntimeError inside a running loop
     */
    run<T>(main: AwaitableLike<T>, options?: {
        context?: Context | null | undefined;
    }): Promise<T>;
    /**
     * The same, but owns the thread and returns the result. Ctrl-C and SIGTERM are looked at between
     * two turns.
     * @throws DeadlockError also
     */
    runSync<T>(main: AwaitableLike<T>, options?: {
        context?: Context | null | undefined;
    }): T;
    /**
     * Ends what is left, in asyncio's order: cancels the tasks that are left and waits for them,
     * closes async generators, shuts the default executor down (at most 300 seconds), closes the
     * loop. A Ctrl-C meanwhile ends that at once. A second close does nothing.
     *
     * @throws KeyboardInterrupt after Ctrl-C; RuntimeError while its loop is running; with
     *   `unhandled: 'throw'`, what nobody has looked at
     */
    close(): Promise<void>;
    /**
     * `close` for a runner that owned the thread. Async generators and work in threads, which need
     * Node's loop, are ended without waiting.
     */
    closeSync(): void;
    toString(): string;
    [Symbol.asyncDispose](): Promise<void>;
    [Symbol.dispose](): void;
}
