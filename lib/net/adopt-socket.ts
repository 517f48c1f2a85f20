/** Sockets that are handed over to a transport, which owns them from then on. */
import type { EventLoop } from '../core/loop/event-loop.ts';
import { describe } from '../core/support/describe.ts';
import { type AdoptOptions, adoptStream } from '../io/adopt.ts';
import { checkSocket, type Socket } from '../io/socket.ts';
import type { TcpSetting } from '../io/tcp-options.ts';

/**
 * Refuses a socket that cannot be a connection, or one that is given together with an address.
 * @param address - the address that was given beside it
 */
export function checkSock(
  where: string,
  sock: unknown,
  address: readonly unknown[],
  settings: readonly TcpSetting[],
): void {
  checkSocket(`${where}: sock`, sock);
  if (address.some((each) => each !== null && each !== undefined)) {
    throw new TypeError(`${where}: an address and sock cannot be specified at the same time`);
  }
  if (sock.type !== 'stream') {
    throw new RangeError(`${where}: a stream socket was expected, not ${describe(sock)}`);
  }
  if (sock.family === 'unix' && settings.length > 0) {
    throw new TypeError(`${where}: noDelay and keepAlive are of TCP; sock is ${describe(sock)}`);
  }
  sock._open('getsockname');
}

/**
 * The same where a Unix socket is needed.
 * @param path - the path that was given beside it
 */
export function checkUnixSock(where: string, sock: unknown, path: unknown): void {
  checkSocket(`${where}: sock`, sock);
  if (path !== null && path !== undefined) {
    throw new TypeError(`${where}: path and sock cannot be specified at the same time`);
  }
  if (sock.family !== 'unix' || sock.type !== 'stream') {
    throw new RangeError(`${where}: a Unix stream socket was expected, not ${describe(sock)}`);
  }
  sock._open('getsockname');
}

/** A native stream over a socket, and what a cancelled `sockRecv` has put back. */
export interface AdoptedSocket {
  readonly handle: number;
  readonly generation: number;
  readonly unread: readonly Buffer[];
}

/**
 * Takes over the descriptor of a connected socket.
 * @param reading - how it is read, when not as bytes
 * @throws RuntimeError, or an error with a code; the socket is then as it was
 */
export function adoptSocket(
  loop: EventLoop,
  where: string,
  sock: Socket,
  reading: Pick<AdoptOptions, 'flags' | 'limits'> = {},
): AdoptedSocket {
  sock._stopWaiting();
  const { handle, generation } = adoptStream(loop, sock._open('getsockname'), where, {
    readable: true,
    writable: true,
    kinds: ['socket'],
    ...reading,
  });
  const unread = sock._unread.map(({ data }) => data);
  sock.detach();
  return { handle, generation, unread };
}
