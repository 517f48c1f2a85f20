/** Sends lines to an echo server: `node build/ts/examples/echo-client.js [port] [line…]`. */
import { openConnection, run, type Coro } from 'oxbow';

function* main(): Coro<void> {
  const [port = '8888', ...lines] = process.argv.slice(2);
  const [reader, writer] = yield* openConnection('127.0.0.1', Number(port));
  for (const line of lines.length > 0 ? lines : ['hello', 'world']) {
    writer.write(`${line}\n`);
    yield* writer.drain();
    console.log(`echo: ${String(yield* reader.readline()).trimEnd()}`);
  }
  writer.close();
  yield* writer.waitClosed();
}

await run(main);
