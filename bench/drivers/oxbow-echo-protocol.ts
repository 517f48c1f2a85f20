// Echo on Oxbow's transports and protocols, on TCP or on a Unix socket.
import { createServer, createUnixServer, Protocol, run } from 'oxbow';
import type { Transport } from 'oxbow';
import { announce, tlsOption, unixPath } from './control.ts';

class Echo extends Protocol {
  transport!: Transport;

  override connectionMade(transport: Transport): void {
    this.transport = transport;
  }

  override dataReceived(data: Buffer): void {
    this.transport.write(data);
  }

  // Stop reading while the peer does not read; otherwise memory would grow without bound.
  override pauseWriting(): void {
    this.transport.pauseReading();
  }

  override resumeWriting(): void {
    this.transport.resumeReading();
  }
}

await run(function* () {
  const options = { backlog: 4096, ...tlsOption() };
  const make = () => new Echo();
  const server =
    unixPath === null
      ? yield* createServer(make, '127.0.0.1', 0, options)
      : yield* createUnixServer(make, unixPath, options);
  announce(unixPath === null ? server.sockets[0].getsockname()[1] : null);
  yield* server.serveForever();
});
