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

/** Options of `openFile`. */
export interface OpenFileOptions extends SignalOptions {
  /** The flags of Node's `fs.open`: 'r' (the default), 'r+', 'w', 'wx', 'a', … */
  flags?: string | number | undefined;
  /** The permissions of a file that is created, minus the process's umask; 0o666 by default. */
  mode?: number | undefined;
  /** The longest line that `readline` accepts, in bytes; 1 MiB by default. */
  limit?: number | undefined;
}

const NAMES: readonly string[] = ['flags', 'mode', 'limit', 'signal'];
const LIMIT = 1024 * 1024;

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
