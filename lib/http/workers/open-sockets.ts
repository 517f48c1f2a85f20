/** The sockets of a server whose threads accept from them. */
import type { Endpoint } from '../../io/names.ts';
import { Socket } from '../../io/socket.ts';
import { explained, isAbstract, removeStale } from '../../net/unix-path.ts';

/**
 * Only Linux shares out what comes to the sockets of one port. Elsewhere the last one gets all, so
 * there the threads accept from one socket.
 */
const SHARES_OUT = process.platform === 'linux';

/** What is opened, and how. */
export interface Openings {
  readonly endpoints: readonly Endpoint[];
  readonly paths: readonly string[];
  readonly descriptors: readonly number[];
  readonly backlog: number;
  /** How many accept. */
  readonly count: number;
}

/** All of them, bound and listening, or none: of every place one socket, or one for each thread. */
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
