import type { Future } from '../core/future/future.ts';
import { type SignalOptions } from '../tasks/abort.ts';
import { StreamReader } from './stream-reader.ts';
import { StreamWriter } from './stream-writer.ts';
/** What `openStdin` takes. */
export interface StdinOptions extends SignalOptions {
    /** How many bytes a line may have, as of any StreamReader; default 1 MiB. */
    limit?: number;
}
/**
 * What this process reads, as a stream: a pipe, a terminal, a file or a socket. The descriptor
 * itself stays open and as it is, so a terminal goes on working for the shell; but whatever
 * `process.stdin` reads is lost to this one, so only one of them should be used. The loop lives as
 * long as there may be more to read: `yield* reader.read(-1)`, or a cancel, ends that.
 *
 * @returns a future of the reader; cancelling it is safe
 * @throws an error with code `EBADF` when it is closed; RuntimeError in virtual time; AbortError
 * @example for await (const line of (await openStdin()).lines()) console.log(line.length);
 */
export declare function openStdin(options?: StdinOptions): Future<StreamReader>;
/**
 * What this process writes to, as a stream: `write` and `drain()`. A pipe, a terminal, a file or a
 * socket; the descriptor itself stays open and as it is. What `console.log` writes goes its own
 * way, before or after.
 *
 * Nothing that was written is lost: what is unsent when the loop is closed, or the process exits
 * (`process.exit` too), is written then, and blocks until it is taken, as `process.stdout` does.
 * Only where nobody reads any more (`EPIPE`) is it dropped.
 *
 * @returns a future of the writer; cancelling it is safe
 * @throws an error with code `EBADF` when it is closed; RuntimeError in virtual time; AbortError
 * @example
 * const out = yield* openStdout();
 * out.write('hello\n');
 * yield* out.drain();
 */
export declare function openStdout(options?: SignalOptions): Future<StreamWriter>;
/** The same for errors and messages; see {@link openStdout}. */
export declare function openStderr(options?: SignalOptions): Future<StreamWriter>;
