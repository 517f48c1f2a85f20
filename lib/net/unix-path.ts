import { lstatSync, statSync, unlinkSync } from 'node:fs';

import { errnoOf, type SystemError } from '../core/errors/errno.ts';
import { RuntimeError } from '../core/errors/errors.ts';
import { describe } from '../core/support/describe.ts';

/** @throws TypeError or RangeError unless `path` can be the address of a Unix socket */
export function checkPath(where: string, path: unknown): asserts path is string {
  if (path === null || path === undefined) {
    throw new TypeError(`${where}: path is missing, and no sock is given`);
  }
  if (typeof path !== 'string') {
    throw new TypeError(`${where}: path must be a string, not ${describe(path)}`);
  }
  if (path === '' || path === '\0') throw new RangeError(`${where}: path is empty`);
  if (path.includes('\0') && !isAbstract(path)) {
    throw new RangeError(`${where}: path has a NUL that is not at its beginning`);
  }
}

/** Whether it is an abstract name, which is not in the file system (Linux). */
export function isAbstract(path: string): boolean {
  return path.startsWith('\0');
}

/** Adds to the system's error what a path may be. */
export function explained(error: unknown, path: string): unknown {
  const { code, errno } = (error ?? {}) as Partial<SystemError>;
  if (errno === errnoOf('EOPNOTSUPP')) {
    return new RuntimeError('a loop in virtual time has no Unix sockets');
  }
  if (code !== 'ENAMETOOLONG') return error;
  (error as Error).message +=
    `: the path of a Unix socket has about 100 bytes at most, and this one ` +
    `${Buffer.byteLength(path)}`;
  return error;
}

/** Removes a socket file left by an earlier server; any other file stays. */
export function removeStale(path: string): void {
  try {
    if (statSync(path).isSocket()) unlinkSync(path);
  } catch {
    // There is none, or the following bind reports the error.
  }
}

/** A function that removes the socket's file unless it was replaced meanwhile. */
export function removerOf(path: string): () => void {
  const made = identityOf(path);
  return () => {
    try {
      if (made !== null && identityOf(path) === made) unlinkSync(path);
    } catch {
      // A file that cannot be removed is no reason not to close.
    }
  };
}

function identityOf(path: string): string | null {
  try {
    const { dev, ino } = lstatSync(path, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return null;
  }
}
