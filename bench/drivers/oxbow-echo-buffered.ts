// TCP echo on Oxbow's transports and protocols, received into memory shared by all protocols.
import { BufferedProtocol, createServer, run } from 'oxbow';
import type { Transport } from 'oxbow';
import { announce } from './control.ts';

const memory = Buffer.alloc(65_536);

class Echo extends BufferedProtocol {
  transport!: Transport;

  override connectionMade(transport: Transport): void {
    this.transport = transport;
  }

  override getBuffer(): Buffer {
    return memory;
  }

  override bufferUpdated(count: number): void {
    this.transport.write(memory.subarray(0, count));
  }

  override pauseWriting(): void {
    this.transport.pauseReading();
  }

  override resumeWriting(): void {
    this.transport.resumeReading();
  }
}

await run(function* () {
  const server = yield* createServer(() => new Echo(), '127.0.0.1', 0, { backlog: 4096 });
  announce(server.sockets[0].getsockname()[1]);
  yield* server.serveForever();
});
