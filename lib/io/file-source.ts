/**
 * A file to be sent: its descriptor, and reading it when sendfile(2) cannot be used.
 */
import { fstatSync, read, readSync } from 'node:fs';

import type { EventLoop } from '../core/loop/event-loop.ts';
import { describe } from '../core/support/describe.ts';

/** A file open for reading: a descriptor, or an object that has one. */
export type SentFile = number | { readonly fd: number } | { fileno(): number };

/** The part of a file to send. */
export interface FilePart {
  readonly descriptor: number;
  readonly offset: number;
  /** In bytes; Infinity for all up to the end of the file. */
  readonly count: number;
  /** Whether it is a regular file: it has positions, and sendfile(2) can send it. */
  readonly regular: boolean;
}

/**
 * @throws TypeError or RangeError when it is not a file, or offset or count is invalid; an error
 * with code `EBADF` when it is not open
 */
export function partOf(where: string, file: unknown, offset: unknown, count: unknown): FilePart {
  const descriptor = descriptorOf(where, file);
  if (!Number.isSafeInteger(offset) || (offset as number) < 0) {
    throw new RangeError(`${where}: offset must be a whole number from 0, not ${describe(offset)}`);
  }
  const all = count === null || count === undefined;
  if (!all && (!Number.isSafeInteger(count) || (count as number) < 1)) {
    const given = describe(count);
    throw new RangeError(`${where}: count must be a whole number from 1, or null, not ${given}`);
  }
  const regular = fstatSync(descriptor).isFile();
  if (!regular && offset !== 0) {
    throw new RangeError(`${where}: what is no regular file has no offset, and ${offset} is given`);
  }
  return {
    descriptor,
    offset: offset as number,
    count: all ? Infinity : (count as number),
    regular,
  };
}

function descriptorOf(where: string, file: any): number {
  const isObject = typeof file === 'object' && file !== null;
  const number: unknown = !isObject
    ? file
    : typeof file.fileno === 'function'
      ? file.fileno()
      : file.fd;
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0) return number;
  throw new TypeError(
    `${where}: file must be an open file (a FileHandle, an AsyncFile or a descriptor), ` +
      `not ${describe(file)}`,
  );
}

/** How many bytes are read at a time. */
export const READ_BYTES: number = 64 * 1024;

/**
 * Reads the next piece in Node's thread pool; synchronously when the loop owns the thread.
 * @param position - null for the next bytes of a file without positions
 * @returns how many bytes; 0 at the end
 */
export function readPiece(
  loop: EventLoop,
  descriptor: number,
  into: Buffer,
  size: number,
  position: number | null,
): number | Promise<number> {
  if (!loop._rides) return readSync(descriptor, into, 0, size, position);
  return new Promise((resolve, reject) => {
    read(descriptor, into, 0, size, position, (error, count) => {
      if (error === null) resolve(count);
      else reject(error);
    });
  });
}
