// first-request --impl oxbow|node|bare: a server for one request, or no server at all. It prints
// where it listens, and stays. It avoids `process.stdout` and imports of node:fs: these load Node's
// streams, and would hide the cost of loading the rest.
import { implementation } from './measure.ts';

function announce(port: number): void {
  process.getBuiltinModule('node:fs').writeSync(1, `{"port":${port}}\n`);
}

async function onOxbow(): Promise<void> {
  const { Response, serve } = await import('oxbow/http');
  const { run } = await import('oxbow');
  await run(function* () {
    const fetch = () => new Response('Hello, World!');
    const server = yield* serve({ hostname: '127.0.0.1', port: 0, fetch });
    announce(server.port);
    yield* server.serveForever();
  });
}

async function onNode(): Promise<void> {
  const { createServer } = await import('node:http');
  const server = createServer((_, response) => response.end('Hello, World!'));
  server.listen(0, '127.0.0.1', () => announce((server.address() as { port: number }).port));
}

async function bare(): Promise<void> {
  setTimeout(() => {}, 1e8);
  announce(0);
}

await implementation({ oxbow: onOxbow, node: onNode, bare })();
