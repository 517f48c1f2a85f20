// Accepts connections and closes them, on Oxbow's transports and protocols.
import { createServer, Protocol, run } from 'oxbow';
import type { Transport } from 'oxbow';
import { announce } from './control.ts';

class Closes extends Protocol {
  override connectionMade(transport: Transport): void {
    transport.close();
  }
}

await run(function* () {
  const server = yield* createServer(() => new Closes(), '127.0.0.1', 0, { backlog: 4096 });
  announce(server.sockets[0].getsockname()[1]);
  yield* server.serveForever();
});
