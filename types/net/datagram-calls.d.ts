import type { Future } from '../core/future/future.ts';
import { type DatagramOptions } from './create-datagram.ts';
import type { DatagramProtocol } from './datagram-protocol.ts';
import type { DatagramTransport } from './datagram-transport.ts';
/**
 * Opens a socket for datagrams in the running loop: UDP, or Unix where an address is a path. What
 * is longer than 65,535 bytes is not sent, also between Unix sockets.
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
export declare function createDatagramEndpoint<P extends DatagramProtocol<any>>(protocolFactory: () => P, options?: DatagramOptions): Future<[DatagramTransport, P]>;
