// TCP echo on Oxbow's transports and protocols, with bytes that are valid during the call only.
import { createServer, Protocol, run } from 'oxbow';
import type { Transport } from 'oxbow';
import { announce, tlsOption } from './control.ts';

class Echo extends Protocol {
  transport!: Transport;

  override connectionMade(transport: Transport): void {
    this.transport = transport;
    transport.setTransientReads(true);
  }

  override dataReceived(data: Buffer): void {
    this.transport.write(data);
  }

  override pauseWriting(): void {
    this.transport.pauseReading();
  }

  override resumeWriting(): void {
    this.transport.resumeReading();
  }
}

await run(function* () {
  const options = { backlog: 4096, ...tlsOption() };
  const server = yield* createServer(() => new Echo(), '127.0.0.1', 0, options);
  announce(server.sockets[0].getsockname()[1]);
  yield* server.serveForever();
});
