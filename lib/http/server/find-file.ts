/** Finds and opens files without blocking the loop. */
import type { BigIntStats } from 'node:fs';

import type { EventLoop } from '../../core/loop/event-loop.ts';
import type { Coro } from '../../core/support/types.ts';
import { acceptedEncodings } from '../message/accept.ts';
import type { FileBody } from '../message/file-body.ts';
import type { ReadonlyHeaders } from '../message/headers.ts';
import { HttpError } from '../message/http-error.ts';
import { closeFile } from '../message/open-file.ts';
import { fileCall } from './file-calls.ts';
import { ServedFile } from './served-file.ts';

/** Codings and the extensions of files compressed with them, usually the smallest first. */
const CODINGS: ReadonlyArray<readonly [string, string]> = [
  ['br', '.br'],
  ['zstd', '.zst'],
  ['gzip', '.gz'],
];
const ORDER = [...CODINGS.map(([coding]) => coding), 'identity'];

/**
 * Opens the file for `body`, or a precompressed one that the client accepts.
 * @throws HttpError 404, 403 or 503; other errors of the system as they are
 */
export function* findFile(
  loop: EventLoop,
  wanted: ReadonlyHeaders,
  body: FileBody,
): Coro<ServedFile> {
  const { options } = body;
  if (options.precompressed === true) {
    for (const coding of acceptedEncodings(wanted, ORDER)) {
      const end = CODINGS.find(([name]) => name === coding)?.[1];
      if (end === undefined) break;
      try {
        return yield* openFile(loop, body, body.path + end, coding);
      } catch (error) {
        if (!(error instanceof HttpError) || error.status === 503) throw error;
      }
    }
  }
  return yield* openFile(loop, body, body.path, null);
}

function* openFile(
  loop: EventLoop,
  body: FileBody,
  name: string,
  coding: string | null,
): Coro<ServedFile> {
  try {
    const path = body.root === null ? name : yield* inside(loop, body.root, name);
    // Checked before opening, as opening something other than a file (a FIFO, a device) may block
    // or have side effects.
    if (!(yield* fileCall<BigIntStats>(loop, 'stat', path)).isFile()) throw new HttpError(403);
    return yield* opened(loop, path, coding);
  } catch (error) {
    throw refusalOf(error);
  }
}

function* opened(loop: EventLoop, path: string, coding: string | null): Coro<ServedFile> {
  const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = process.getBuiltinModule('node:fs').constants;
  const flags = O_RDONLY | O_NONBLOCK | O_NOCTTY;
  const descriptor = yield* fileCall<number>(loop, 'open', path, flags);
  try {
    const status = yield* fileCall<BigIntStats>(loop, 'fstat', descriptor);
    if (!status.isFile()) throw new HttpError(403);
    return new ServedFile(loop, descriptor, status, coding);
  } catch (error) {
    closeFile(loop, descriptor);
    throw error;
  }
}

/**
 * Resolves a path in a folder, following links.
 * @throws HttpError 404 when the result is not inside the folder
 */
export function* inside(loop: EventLoop, root: string, path: string): Coro<string> {
  const { resolve } = process.getBuiltinModule('node:path');
  if (path.includes('\0')) throw new HttpError(404);
  const folder = resolve(root);
  const meant = resolve(folder, path);
  if (!isInside(meant, folder)) throw new HttpError(404);
  // Keep a slash at the end, with which only a folder is found.
  const slash = path.endsWith('/') ? '/' : '';
  const real = yield* fileCall<string>(loop, 'realpath', meant + slash);
  const realFolder = yield* fileCall<string>(loop, 'realpath', folder);
  if (!isInside(real, realFolder)) throw new HttpError(404);
  return real;
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** Response statuses for errors of the system. */
const STATUSES: Record<string, number> = {
  ENOENT: 404,
  ENOTDIR: 404,
  ENAMETOOLONG: 404,
  ELOOP: 404,
  EISDIR: 403,
  EACCES: 403,
  EPERM: 403,
  ENXIO: 403,
  EMFILE: 503,
  ENFILE: 503,
};

/** The HttpError for an error of the system; any other error unchanged. */
export function refusalOf(error: unknown): unknown {
  const status = STATUSES[(error as NodeJS.ErrnoException | null)?.code ?? ''];
  return status === undefined ? error : new HttpError(status, undefined, { cause: error });
}
