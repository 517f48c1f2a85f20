// UDP echo on Oxbow's datagram transports.
import { createDatagramEndpoint, DatagramProtocol, Future, run } from 'oxbow';
import type { DatagramTransport, SocketAddress } from 'oxbow';
import { announce } from './control.ts';

class Echo extends DatagramProtocol {
  transport!: DatagramTransport;

  override connectionMade(transport: DatagramTransport): void {
    this.transport = transport;
  }

  override datagramReceived(data: Buffer, address: SocketAddress): void {
    this.transport.sendto(data, address);
  }
}

await run(function* () {
  const [transport] = yield* createDatagramEndpoint(() => new Echo(), {
    localAddr: ['127.0.0.1', 0],
  });
  announce(transport.getExtraInfo('socket').address().port);
  yield* new Future<void>();
});
