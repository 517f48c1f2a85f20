/**
 * An echo server on streams: `node build/ts/examples/echo-server.js [port]`. Every connection is a
 * coroutine of its own; Ctrl-C ends it.
 */
import {
  CancelledError,
  run,
  startServer,
  type Coro,
  type StreamReader,
  type StreamWriter,
} from 'oxbow';

function* echo(reader: StreamReader, writer: StreamWriter): Coro<void> {
  for (;;) {
    const data = yield* reader.read(65536);
    if (data.length === 0) break;
    writer.write(data);
    yield* writer.drain();
  }
  writer.close();
}

function* main(): Coro<void> {
  const server = yield* startServer(echo, '127.0.0.1', Number(process.argv[2] ?? 8888));
  const [host, port] = server.sockets[0]!.getsockname();
  console.log(`echo server on ${host}:${port}`);
  try {
    yield* server.serveForever();
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
    server.closeClients();
    throw error;
  }
}

await run(main).catch((error: Error) => {
  if (error.name !== 'KeyboardInterrupt') throw error;
  process.exitCode = 130;
});
