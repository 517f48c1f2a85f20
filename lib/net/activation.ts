/** Sockets that the process was started with: systemd's socket activation. */
import { checkFlags, checkOptions } from '../core/support/options.ts';
import { describe } from '../core/support/describe.ts';
import { nameSocket, Socket } from '../io/socket.ts';

/** The first descriptor that is handed over. */
const FIRST = 3;
const VARIABLES = ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES'];

/** How `activatedSockets` goes about it. */
export interface ActivationOptions {
  /**
   * Take what says so out of the environment, so that programs that this one starts do not take the
   * sockets for theirs; default true. The next call then finds none.
   */
  unsetEnvironment?: boolean;
}

/**
 * The sockets that this process was started with (`LISTEN_FDS`, as sd_listen_fds(3) says), each
 * with the name that it has there (`LISTEN_FDNAMES`, else `'unknown'`) as its `name`. None when the
 * environment says nothing, or says it to another process (`LISTEN_PID`).
 *
 * @throws RangeError when `LISTEN_FDS` is no number of descriptors; an error with code `EBADF` or
 * `ENOTSOCK` when one of them is not open or no socket
 * @example
 * const [sock] = activatedSockets();
 * const server = yield* createServer(() => new Echo(), null, null, { sock });
 */
export function activatedSockets(options: ActivationOptions = {}): Socket[] {
  checkOptions('activatedSockets()', options, ['unsetEnvironment']);
  checkFlags('activatedSockets()', options, ['unsetEnvironment']);
  const { env, pid } = process;
  const [forWhom, count, names] = VARIABLES.map((name) => env[name]);
  if (count === undefined || Number(forWhom) !== pid) return [];
  const sockets = take(countOf(count), names?.split(':') ?? []);
  if (options.unsetEnvironment ?? true) for (const name of VARIABLES) delete env[name];
  return sockets;
}

function countOf(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new RangeError(`LISTEN_FDS must be a number of descriptors, not ${describe(text)}`);
}

/** All of them, or none. */
function take(count: number, names: readonly string[]): Socket[] {
  const sockets: Socket[] = [];
  try {
    for (let n = 0; n < count; n++) {
      const socket = Socket.from(FIRST + n);
      sockets.push(socket);
      nameSocket(socket, names[n] || 'unknown');
    }
  } catch (error) {
    for (const socket of sockets) socket.detach();
    if (error instanceof Error) {
      error.message += ` (descriptor ${FIRST + sockets.length} of LISTEN_FDS=${count})`;
    }
    throw error;
  }
  return sockets;
}
