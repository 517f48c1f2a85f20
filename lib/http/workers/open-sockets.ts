/** Opens the sockets of a server with several threads. */
import type { Endpoint } from '../../io/names.ts';
import { Socket } from '../../io/socket.ts';
import { explained, isAbstract, removeStale } from '../../net/unix-path.ts';

/**
 * Only Linux distributes connections among several sockets on one port. Elsewhere the last one gets
 * all, so there all threads accept from one socket.
 */
const SHARES_OUT = process.platform === 'linux';

/** What to open, and how. */
export interface Openings {
  readonly endpoints: readonly Endpoint[];
  readonly paths: readonly string[];
  readonly descriptors: readonly number[];
  readonly backlog: number;
  /** How many threads accept. */
  readonly count: number;
}

/**
 * Opens all places, listening, or none: for each place one socket, or one per thread.
 * @throws the system's errors; given descriptors are then still the caller's
 */
export function openSockets(openings: Openings): Socket[][] {
  const { endpoints, paths, descriptors, backlog, count } = openings;
  const opened: Socket[][] = [];
  try {
    let chosen = 0;
    for (const { address, port, family } of endpoints) {
      const all: Socket[] = [];
      opened.push(all);
      let own = port || chosen;
      for (let n = 0; n < (SHARES_OUT ? count : 1); n++) {
        const socket = new Socket({ family });
        all.push(socket);
        socket.setsockopt('reuseAddress', true);
        if (SHARES_OUT) socket.setsockopt('reusePort', true);
        socket.bind([address, own]);
        own ||= portOf(socket);
      }
      chosen ||= own;
      for (const socket of all) socket.listen(backlog);
    }
    for (const path of paths) opened.push([openUnix(path, backlog)]);
    for (const descriptor of descriptors) {
      const socket = Socket.from(descriptor);
      opened.push([socket]);
      socket.listen(backlog);
    }
  } catch (error) {
    for (const socket of opened.flat()) {
      if (descriptors.includes(socket.fileno())) socket.detach();
      else socket.close();
    }
    throw error;
  }
  return opened;
}

function portOf(socket: Socket): number {
  const name = socket.getsockname();
  return typeof name === 'string' ? 0 : name[1];
}

function openUnix(path: string, backlog: number): Socket {
  if (!isAbstract(path)) removeStale(path);
  const socket = new Socket({ family: 'unix' });
  try {
    socket.bind(path);
    socket.listen(backlog);
    return socket;
  } catch (error) {
    socket.close();
    throw explained(error, path);
  }
}
