/** The one place where a negative errno of the native side becomes an Error. */
import { getSystemErrorName } from 'node:util';

import type { ErrnoName } from '../../native/binding.ts';
import { PORT_UNIX } from '../../native/layout.ts';
import { loadAddon } from '../../native/load.ts';

/** Details of the failed call, for the message and the error's properties. */
export interface ErrnoDetails {
  address?: string | undefined;
  port?: number | undefined;
}

/** An Error of Node's shape: `code`, `errno`, `syscall`, and `address`, `port` where known. */
export interface SystemError extends Error {
  code: string;
  errno: number;
  syscall: string;
  address?: string;
  port?: number;
}

/** The negative errno that has this name on this platform. */
export function errnoOf(name: ErrnoName): number {
  return loadAddon().errnos[name];
}

/**
 * Makes the Error for an errno, with Node's message: `connect ECONNREFUSED 127.0.0.1:1`.
 *
 * @param errno - of either sign, or by name; the error carries it negative, as Node's do
 * @param syscall - the call that failed: `connect`, `listen`, `read`
 */
export function errnoError(
  errno: number | ErrnoName,
  syscall: string,
  details: ErrnoDetails = {},
): SystemError {
  const number = typeof errno === 'string' ? errnoOf(errno) : -Math.abs(errno);
  const code = errnoCode(number);
  const { address } = details;
  // A Unix socket has a path and no port.
  const port = details.port === PORT_UNIX ? undefined : details.port;
  let message = `${syscall} ${code}`;
  if (address !== undefined) message += ` ${address}`;
  if (address !== undefined && port !== undefined) message += `:${port}`;
  const error = new Error(message) as SystemError;
  error.code = code;
  error.errno = number;
  error.syscall = syscall;
  if (address !== undefined) error.address = address;
  if (port !== undefined) error.port = port;
  return error;
}

function errnoCode(errno: number): string {
  if (errno === 0) return 'UNKNOWN';
  // libuv does not know all names (EDEADLK, for one).
  const name = getSystemErrorName(errno);
  if (!name.startsWith('Unknown')) return name;
  const { constants } = process.getBuiltinModule('node:os');
  const entry = Object.entries(constants.errno).find(([, number]) => number === -errno);
  return entry === undefined ? 'UNKNOWN' : entry[0];
}
