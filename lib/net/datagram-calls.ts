import type { Future } from '../core/future/future.ts';
import { createDatagramIn, type DatagramOptions } from './create-datagram.ts';
import type { DatagramProtocol } from './datagram-protocol.ts';
import type { DatagramTransport } from './datagram-transport.ts';
import { loopWithNetwork } from './running-loop.ts';

/**
 * Opens a datagram socket in the running loop: UDP, or Unix when an address is a path. Datagrams
 * longer than 65,535 bytes are not sent, not even between Unix sockets.
 *
 * @returns a future of `[transport, protocol]`, done once `connectionMade` has returned; cancelling
 * it leaves nothing open
 * @throws an error with code `EADDRINUSE`, `EADDRNOTAVAIL`, `ENOTFOUND`, …; RangeError when there
 * is neither `localAddr` nor `remoteAddr` nor `family` nor `sock`; AbortError when `signal` aborts;
 * what the factory throws
 * @example
 * const [transport] = yield* createDatagramEndpoint(() => new Echo(), {
 *   localAddr: ['127.0.0.1', 9999],
 * });
 */
export function createDatagramEndpoint<P extends DatagramProtocol<any>>(
  protocolFactory: () => P,
  options: DatagramOptions = {},
): Future<[DatagramTransport, P]> {
  const loop = loopWithNetwork('createDatagramEndpoint()');
  return createDatagramIn(loop, protocolFactory, options);
}
