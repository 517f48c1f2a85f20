import { Future } from '../core/future/future.ts';
import { type Duration } from '../core/support/duration.ts';
import type { Data } from '../io/data.ts';
import { StreamReader } from '../net/stream-reader.ts';
import { StreamWriter } from '../net/stream-writer.ts';
import { type SignalOptions } from '../tasks/abort.ts';
import { type CommunicateOptions, type Output } from './communicate.ts';
/** How `kill()` goes about it. */
export interface KillOptions {
    /** Ask first: SIGTERM now, and SIGKILL only if it still runs after this time. */
    after?: Duration;
}
/**
 * A program that runs as a child. Made by `createSubprocessExec` and `createSubprocessShell`.
 *
 * A child ends with its loop: closing the loop (as `run` does at the end) kills it, unless it is
 * `detached`. `await using` kills it at the end of the block.
 *
 * @example
 * const child = yield* createSubprocessExec('sort', { stdin: 'pipe', stdout: 'pipe' });
 * const [sorted] = yield* child.communicate('b\na\n');
 * console.log(`${sorted}`, child.returncode);
 */
export declare class Process {
    #private;
    /** Its stdin, where that is a pipe; else null. */
    readonly stdin: StreamWriter | null;
    /** Its stdout, where that is a pipe; else null. */
    readonly stdout: StreamReader | null;
    /** Its stderr, where that is a pipe; else null. */
    readonly stderr: StreamReader | null;
    private constructor();
    /** Its number. */
    get pid(): number;
    /** Null while it runs; its exit code, or minus the number of the signal that has ended it. */
    get returncode(): number | null;
    /**
     * Waits until the process has ended, and gives its `returncode`. That is the process alone: what
     * it has started may still run and hold its pipes. Read these meanwhile, or the child may wait
     * for ever to write; `communicate` does. Cancelling it is safe.
     *
     * @param options - `signal`: aborting it ends the wait, not the child
     */
    wait(options?: SignalOptions): Future<number>;
    /**
     * Sends `input` to stdin and closes it, reads stdout and stderr to their ends at the same time,
     * and waits until the process has ended: whatever it does with its pipes, neither side waits for
     * the other. A child that ends or closes its stdin before it has read everything is no error.
     *
     * With a grandchild that keeps a pipe open, its end does not come: give a timeout. After that, a
     * cancel or an abort the child goes on and nothing is lost: call it again (without input) and get
     * everything, or `kill()`.
     *
     * @param input - text (as UTF-8) or bytes; or the options, with `input` among them
     * @returns `[stdout, stderr]`, null for anything but a pipe
     * @throws TimeoutError after `timeout`; AbortError when `signal` aborts; RuntimeError for input
     *   when stdin is no pipe, or is closed
     */
    communicate(input?: Data | null | CommunicateOptions, options?: CommunicateOptions): Future<Output>;
    /**
     * Sends a signal, by name (`'SIGHUP'`) or number.
     * @returns false when the process has ended already
     * @throws RangeError for anything but a signal of this system
     */
    sendSignal(signal: NodeJS.Signals | number): boolean;
    /** Sends SIGTERM, which the process may take as it likes. @returns as `sendSignal` */
    terminate(): boolean;
    /**
     * Sends SIGKILL, which ends the process.
     *
     * @returns as `sendSignal`
     * @example
     * child.kill({ after: '5s' }); // SIGTERM, and SIGKILL if it runs in five seconds still
     * yield* child.wait();
     */
    kill(options?: KillOptions): boolean;
    /** Closes the pipes and kills the process if it runs. `wait()` tells when it has ended. */
    close(): void;
    /** `await using`: close and wait. */
    [Symbol.asyncDispose](): Promise<void>;
    toString(): string;
}
