// Sends a file to every client with loop.sendfile.
import { openSync } from 'node:fs';
import { createServer, getRunningLoop, Protocol, run } from 'oxbow';
import type { Transport } from 'oxbow';
import { announce } from './control.ts';

const file = openSync(process.env['OXBOW_BENCH_FILE']!, 'r');

class Sends extends Protocol {
  override connectionMade(transport: Transport): void {
    const loop = getRunningLoop();
    loop.createTask(function* () {
      yield* loop.sendfile(transport, file);
      transport.close();
    });
  }
}

await run(function* () {
  const server = yield* createServer(() => new Sends(), '127.0.0.1', 0);
  announce(server.sockets[0].getsockname()[1]);
  yield* server.serveForever();
});
