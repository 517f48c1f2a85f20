/** Running main coroutines on a new loop, with handling of Ctrl-C and a clean end. */
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { Context } from '../core/context/context.ts';
import { EventLoop } from '../core/loop/event-loop.ts';
import type { AwaitableLike } from '../core/support/types.ts';
/** Options of `run`, `runSync` and `Runner`. */
export interface RunOptions<L extends AbstractEventLoop = AbstractEventLoop> {
    /** Debug mode; by default as set by OXBOW_DEBUG in the environment. */
    debug?: boolean | null | undefined;
    /**
     * Whether callbacks run with the AsyncLocalStorage stores of the code that scheduled them, as for
     * `newEventLoop`.
     */
    asyncLocalStorage?: boolean | null | undefined;
    /** Makes the loop; by default `newEventLoop`. */
    loopFactory?: (() => L) | null | undefined;
    /**
     * Whether async generators left suspended at a `yield` are closed at the end; true by default. To
     * find them, `next` of all async generators is wrapped while the loop runs; with false it is not.
     */
    asyncgenHooks?: boolean | null | undefined;
    /**
     * What happens to errors of tasks and futures that were not retrieved by the end. `'report'` (the
     * default): the loop's exception handler is called with each. `'throw'`: `run`, or `close` of a
     * Runner, throws the error, or an ExceptionGroup of several; when main itself fails, its error is
     * thrown and the others are reported.
     */
    unhandled?: 'report' | 'throw' | null | undefined;
}
/**
 * Runs several main coroutines, one after the other, on the same loop and in the same context.
 *
 * @example
 * await using runner = new Runner();
 * await runner.run(first);
 * await runner.run(second);
 */
export declare class Runner<L extends AbstractEventLoop = EventLoop> {
    #private;
    constructor(options?: RunOptions<L>);
    /** The loop; created by the first call. @throws RuntimeError once the runner is closed */
    getLoop(): L;
    /**
     * Runs `main` as a guest of Node's loop until it is done.
     *
     * The first Ctrl-C or SIGTERM cancels it, and if it then ends as cancelled the Promise is
     * rejected with KeyboardInterrupt or Terminated; a second one ends the loop at once. A signal
     * that the program listens to itself is left to the program.
     *
     * @throws what main throws; RuntimeError inside a running loop or when the runner is closed;
     *   TypeError when `main` cannot be run or `options` are wrong
     */
    run<T>(main: AwaitableLike<T>, options?: {
        context?: Context | null | undefined;
    }): Promise<T>;
    /**
     * The same, but blocks the thread and returns the result. Ctrl-C and SIGTERM are handled between
     * turns.
     * @throws as `run`; DeadlockError when main waits for something that only Node's loop could
     *   deliver
     */
    runSync<T>(main: AwaitableLike<T>, options?: {
        context?: Context | null | undefined;
    }): T;
    /**
     * Ends what is left, in asyncio's order: cancels the remaining tasks and waits for them, closes
     * async generators, shuts down the default executor (waiting at most 300 seconds), closes the
     * loop. A Ctrl-C meanwhile ends this at once. A second close does nothing.
     *
     * @throws KeyboardInterrupt after Ctrl-C; RuntimeError while its loop is running; with
     *   `unhandled: 'throw'`, the errors that were not retrieved
     */
    close(): Promise<void>;
    /**
     * `close` for a runner that was used with `runSync`. Async generators and work in threads, which
     * need Node's loop, are abandoned without waiting.
     * @throws as `close`
     */
    closeSync(): void;
    toString(): string;
    [Symbol.asyncDispose](): Promise<void>;
    [Symbol.dispose](): void;
}
