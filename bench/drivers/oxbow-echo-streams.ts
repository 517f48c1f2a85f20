// TCP echo on Oxbow's streams, a generator coroutine for each connection.
import { run, startServer } from 'oxbow';
import type { StreamReader, StreamWriter } from 'oxbow';
import { announce } from './control.ts';

function* echo(reader: StreamReader, writer: StreamWriter) {
  for (;;) {
    const data = yield* reader.read(65536);
    if (data.length === 0) break;
    writer.write(data);
    yield* writer.drain();
  }
  writer.close();
}

await run(function* () {
  const server = yield* startServer(echo, '127.0.0.1', 0, { backlog: 4096 });
  announce(server.sockets[0].getsockname()[1]);
  yield* server.serveForever();
});
