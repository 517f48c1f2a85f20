import type { Future } from '../core/future/future.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { AsyncFile } from './async-file.ts';
/** How a file is opened. */
export interface OpenFileOptions extends SignalOptions {
    /** As Node's `fs.open` takes it: 'r' (the default), 'r+', 'w', 'wx', 'a', … */
    flags?: string | number | undefined;
    /** The rights of a file that is made, 0o666 by default, less the process's umask. */
    mode?: number | undefined;
    /** The longest line that `readline` takes, in bytes; 1 MiB by default. */
    limit?: number | undefined;
}
/**
 * Opens a file for reading and writing beside the loop (curio's `aopen`). Node's thread pool does
 * the work, so it takes a loop that rides in Node's: under `runSync` nothing of it would ever be
 * done.
 *
 * Cancel-safe: a file that was opened for nobody is closed again.
 *
 * @param path - a path, or a `file:` URL
 * @param options - `flags`, `mode`, `limit`, `signal`
 * @throws TypeError for anything but a path; the future: the system's error (`ENOENT`, `EACCES`, …)
 * @example
 * const file = yield* openFile('log.txt', { flags: 'a' });
 * yield* file.write('it happened\n');
 * yield* file.close();
 * @example
 * await using file = await openFile(new URL('./list.txt', import.meta.url));
 * for await (const line of file) use(line);
 */
export declare function openFile(path: string | URL | Buffer, options?: OpenFileOptions): Future<AsyncFile>;
