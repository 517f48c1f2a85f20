/** Opening files. */
import { constants } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { loopFor } from '../core/context/running.ts';
import type { Future } from '../core/future/future.ts';
import type { AbstractEventLoop } from '../core/loop/abstract-event-loop.ts';
import { describe } from '../core/support/describe.ts';
import { checkOptions } from '../core/support/options.ts';
import type { SignalOptions } from '../tasks/abort.ts';
import { abortedBefore, abortWith } from '../tasks/abort.ts';
import { AsyncFile } from './async-file.ts';
import { FileOperation, inRealTime } from './file-operation.ts';

/** How a file is opened. */
export interface OpenFileOptions extends SignalOptions {
  /** As Node's `fs.open` takes it: 'r' (the default), 'r+', 'w', 'wx', 'a', … */
  flags?: string | number | undefined;
  /** The rights of a file that is made, 0o666 by default, less the process's umask. */
  mode?: number | undefined;
  /** The longest line that `readline` takes, in bytes; 1 MiB by default. */
  limit?: number | undefined;
}

const NAMES: readonly string[] = ['flags', 'mode', 'limit', 'signal'];
const LIMIT = 1024 * 1024;

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
export function openFile(
  path: string | URL | Buffer,
  options: OpenFileOptions = {},
): Future<AsyncFile> {
  checkOptions('openFile()', options, NAMES);
  if (!(typeof path === 'string' || path instanceof URL || Buffer.isBuffer(path))) {
    throw new TypeError(`openFile(): path ${describe(path)} is neither a string nor a URL`);
  }
  const { flags = 'r', mode = 0o666, limit = LIMIT, signal } = options;
  if (!Number.isInteger(limit) || limit < 1) {
    throw new RangeError(`openFile(): limit must be a number of bytes, got ${describe(limit)}`);
  }
  if (!Number.isInteger(mode) || mode < 0) {
    throw new TypeError(`openFile(): mode must be a number as 0o666 is, got ${describe(mode)}`);
  }
  if (typeof flags !== 'string' && !Number.isInteger(flags)) {
    throw new TypeError(`openFile(): flags must be as 'r' or 'w+', got ${describe(flags)}`);
  }
  const loop = loopFor<AbstractEventLoop>('openFile()');
  const opened = new FileOperation<AsyncFile>(loop, false);
  const aborted = abortedBefore(signal);
  if (aborted !== null) opened._giveUp(aborted);
  else inRealTime(loop, open(loop, opened, { path, flags, mode, limit }));
  return abortWith(opened, signal);
}

interface Given {
  readonly path: string | URL | Buffer;
  readonly flags: string | number;
  readonly mode: number;
  readonly limit: number;
}

async function open(
  loop: AbstractEventLoop,
  opened: FileOperation<AsyncFile>,
  { path, flags, mode, limit }: Given,
): Promise<void> {
  try {
    const handle = await process.getBuiltinModule('node:fs/promises').open(path, flags, mode);
    const status = await handle.stat();
    const regular = status.isFile();
    if (opened.done() || loop.isClosed()) {
      await handle.close();
      return;
    }
    const appends =
      typeof flags === 'string' ? flags.startsWith('a') : (flags & constants.O_APPEND) !== 0;
    const name = path instanceof URL ? fileURLToPath(path) : String(path);
    opened._end(() => new AsyncFile(loop, { handle, path: name, regular, appends, limit }));
  } catch (error) {
    opened._refused(error);
  }
}
