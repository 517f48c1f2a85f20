import { BaseProtocol } from './protocol.ts';
import type { AnySocketAddress, SocketAddress } from '../io/transport-socket.ts';
import type { DatagramTransport } from './datagram-transport.ts';

/**
 * A protocol that receives datagrams, and errors of single datagrams, which do not end it.
 *
 * @example
 * class Echo extends DatagramProtocol {
 *   connectionMade(transport) { this.transport = transport; }
 *   datagramReceived(data, address) { this.transport.sendto(data, address); }
 * }
 * const [transport] = yield* getRunningLoop().createDatagramEndpoint(
 *   () => new Echo(), { localAddr: ['127.0.0.1', 9999] });
 */
export class DatagramProtocol<
  A extends AnySocketAddress = SocketAddress,
> extends BaseProtocol<DatagramTransport> {
  /**
   * A datagram arrived.
   * @param _data - may be kept: it is never overwritten
   * @param _address - the sender; mostly the same frozen array for the same sender. For Unix
   * sockets (`DatagramProtocol<string>`) its path, empty when it has none
   */
  datagramReceived(_data: Buffer, _address: A): void {}

  /**
   * A datagram could not be sent (code `EMSGSIZE`, `ENETUNREACH`, …), or, where the socket is
   * connected, the peer's machine refused an earlier one (`ECONNREFUSED`). The transport stays
   * usable.
   */
  errorReceived(_error: Error): void {}
}
