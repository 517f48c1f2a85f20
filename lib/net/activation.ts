/** Sockets passed to the process at its start: systemd's socket activation. */
import { checkFlags, checkOptions } from '../core/support/options.ts';
import { describe } from '../core/support/describe.ts';
import { nameSocket, Socket } from '../io/socket.ts';

/** The first descriptor that is handed over. */
const FIRST = 3;
const VARIABLES = ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES'];

/** Options of `activatedSockets`. */
export interface ActivationOptions {
  /**
   * Remove the variables from the environment, so that child processes do not mistake the sockets
   * for theirs; default true. The next call then finds none.
   */
  unsetEnvironment?: boolean;
}

/**
 * The sockets that were passed to this process at its start (`LISTEN_FDS`, see sd_listen_fds(3)),
 * each with its name from `LISTEN_FDNAMES` (else `'unknown'`) as its `name`. An empty array when
 * the environment has none, or they are for another process (`LISTEN_PID`).
 *
 * @throws RangeError when `LISTEN_FDS` is not a number of descriptors; an error with code `EBADF`
 * or `ENOTSOCK` when one of them is not open or not a socket
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

/** Takes over all of them, or none. */
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
