import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { AsyncFile } from './async-file.ts';
/** Options of `openFile`. */
export interface OpenFileOptions extends SignalOptions {
    /** The flags of Node's `fs.open`: 'r' (the default), 'r+', 'w', 'wx', 'a', … */
    flags?: string | number | undefined;
    /** The permissions of a file that is created, minus the process's umask; 0o666 by default. */
    mode?: number | undefined;
    /** The longest line that `readline` accepts, in bytes; 1 MiB by default. */
    limit?: number | undefined;
}
/**
 * Opens a file for reading and writing without blocking the loop (curio's `aopen`). Node's thread
 * pool does the work, so the loop must run as a guest of Node's (`run`); under `runSync` nothing
 * would ever complete.
 *
 * Cancel-safe: a file that was opened after a cancel is closed again.
 *
 * @param path - a path, or a `file:` URL
 * @param options - `flags`, `mode`, `limit`, `signal`
 * @throws TypeError, RangeError for wrong arguments; RuntimeError when no loop is running; (the
 *   future) the system's error (`ENOENT`, `EACCES`, …), AbortError when `signal` aborts
 * @example
 * const file = yield* openFile('log.txt', { flags: 'a' });
 * yield* file.write('it happened\n');
 * yield* file.close();
 * @example
 * await using file = await openFile(new URL('./list.txt', import.meta.url));
 * for await (const line of file) use(line);
 */
export declare function openFile(path: string | URL | Buffer, options?: OpenFileOptions): Future<AsyncFile>;
