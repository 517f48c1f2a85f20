import { Future } from '../core/future/future.ts';
import { type Duration } from '../core/support/duration.ts';
import type { Data } from '../io/data.ts';
import { StreamReader } from '../net/stream-reader.ts';
import { StreamWriter } from '../net/stream-writer.ts';
import { type SignalOptions } from '../tasks/abort.ts';
import { type CommunicateOptions, type Output } from './communicate.ts';
/** Options of `kill()`. */
export interface KillOptions {
    /**
     * Send SIGTERM now, and SIGKILL only if it still runs after this time: seconds, or a string with
     * a unit.
     */
    after?: Duration;
}
/**
 * A running child process. Created by `createSubprocessExec` and `createSubprocessShell`.
 *
 * Closing the loop (as `run` does at the end) kills the child, unless it is `detached`. `await
 * using` kills it at the end of the block.
 *
 * @example
 * const child = yield* createSubprocessExec('sort', { stdin: 'pipe', stdout: 'pipe' });
 * const [sorted] = yield* child.communicate('b\na\n');
 * console.log(`${sorted}`, child.returncode);
 */
export declare class Process {
    #private;
    /** The writer for its stdin if that is a pipe, otherwise null. */
    readonly stdin: StreamWriter | null;
    /** The reader of its stdout if that is a pipe, otherwise null. */
    readonly stdout: StreamReader | null;
    /** The reader of its stderr if that is a pipe, otherwise null. */
    readonly stderr: StreamReader | null;
    private constructor();
    /** Its process id. */
    get pid(): number;
    /** Null while it runs; then its exit code, or minus the number of the signal that ended it. */
    get returncode(): number | null;
    /**
     * Waits until the process has ended, and returns its `returncode`. Only the process itself
     * counts: programs that it started may still run and hold its pipes open. Read the pipes
     * meanwhile, or the child may block for ever on a full pipe; `communicate` does that.
     * Cancel-safe.
     *
     * @param options - `signal`: aborting it ends the wait with an AbortError; the child keeps
     *   running
     */
    wait(options?: SignalOptions): Future<number>;
    /**
     * Sends `input` to stdin and closes it, reads stdout and stderr to their ends at the same time,
     * and waits until the process has ended, without a deadlock whatever the child does with its
     * pipes. A child that ends or closes its stdin before it has read everything is no error.
     *
     * If a grandchild keeps a pipe open, the end of the pipe does not come: give a timeout. After a
     * timeout, a cancel or an abort the child keeps running and no output is lost: call it again
     * (without input) to get everything, or call `kill()`.
     *
     * @param input - text (as UTF-8) or bytes; or the options, including `input`
     * @returns `[stdout, stderr]`, null where it is not a pipe
     * @throws TimeoutError after `timeout`; AbortError when `signal` aborts; RuntimeError for input
     *   when stdin is not a pipe, or is closed; TypeError for wrong arguments
     */
    communicate(input?: Data | null | CommunicateOptions, options?: CommunicateOptions): Future<Output>;
    /**
     * Sends a signal, by name (`'SIGHUP'`) or number.
     * @returns false when the process has already ended
     * @throws RangeError for a name or number that this system does not have; TypeError when it is
     *   neither; an error with code `EPERM` when the process now runs as another user
     */
    sendSignal(signal: NodeJS.Signals | number): boolean;
    /** Sends SIGTERM, which the process may handle or ignore. @returns as `sendSignal` */
    terminate(): boolean;
    /**
     * Sends SIGKILL, which ends the process; with `after`, first SIGTERM.
     *
     * @returns as `sendSignal`
     * @throws TypeError, RangeError for wrong options
     * @example
     * child.kill({ after: '5s' }); // SIGTERM, and SIGKILL if it runs in five seconds still
     * yield* child.wait();
     */
    kill(options?: KillOptions): boolean;
    /** Closes the pipes and kills the process if it runs. Use `wait()` to wait for its end. */
    close(): void;
    /** For `await using`: closes it and waits for its end. */
    [Symbol.asyncDispose](): Promise<void>;
    toString(): string;
}
