import type { Future } from '../core/future/future.ts';
import { type SignalOptions } from '../tasks/abort.ts';
import { StreamReader } from './stream-reader.ts';
import { StreamWriter } from './stream-writer.ts';
/** Options of `openStdin`. */
export interface StdinOptions extends SignalOptions {
    /** The most bytes that a line may have, see StreamReader; default 1 MiB. */
    limit?: number;
}
/**
 * Standard input as a stream: a pipe, a terminal, a file or a socket. The descriptor stays open and
 * unchanged, so a terminal still works for the shell. Do not use `process.stdin` as well: each of
 * the two would miss what the other reads. The loop stays alive as long as there may be more to
 * read: `yield* reader.read(-1)`, or a cancel, ends that.
 *
 * @returns a future of the reader; cancelling it is safe
 * @throws an error with code `EBADF` when it is closed; RuntimeError in virtual time; AbortError
 * @example for await (const line of (await openStdin()).lines()) console.log(line.length);
 */
export declare function openStdin(options?: StdinOptions): Future<StreamReader>;
/**
 * Standard output as a stream with `write` and `drain()`: a pipe, a terminal, a file or a socket.
 * The descriptor stays open and unchanged. The order relative to `console.log` is not defined.
 *
 * Nothing that was written is lost: what is unsent when the loop is closed, or the process exits
 * (`process.exit` too), is written then, blocking until it is taken, as `process.stdout` does. It
 * is dropped only when the reading end is closed (`EPIPE`).
 *
 * @returns a future of the writer; cancelling it is safe
 * @throws an error with code `EBADF` when it is closed; RuntimeError in virtual time; AbortError
 * @example
 * const out = yield* openStdout();
 * out.write('hello\n');
 * yield* out.drain();
 */
export declare function openStdout(options?: SignalOptions): Future<StreamWriter>;
/** Standard error as a stream; see {@link openStdout}. */
export declare function openStderr(options?: SignalOptions): Future<StreamWriter>;
