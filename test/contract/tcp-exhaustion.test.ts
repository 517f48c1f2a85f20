/** Accepting when the process has no descriptors left, in a child with a low limit. */
import { spawnSync } from 'node:child_process';

import { ROOT } from '../support/root.ts';

const PROGRAM = `
import net from 'node:net';
import { openSync, closeSync } from 'node:fs';
import { createServer, getRunningLoop, promise, Protocol, run } from 'oxbow';

await run(function* () {
  const loop = getRunningLoop();
  const reports = [];
  const reported = loop.createFuture();
  loop.setExceptionHandler((_loop, context) => {
    reports.push(context.exception.code);
    if (!reported.done()) reported.setResult();
  });
  const served = loop.createFuture();
  class Greeter extends Protocol {
    connectionMade(transport) { transport.write('hello'); transport.close(); }
    connectionLost() { served.setResult(); }
  }
  const server = yield* createServer(() => new Greeter(), '127.0.0.1', 0, { startServing: false });
  const client = new net.Socket();
  const answer = new Promise((resolve) => client.on('data', (data) => resolve(String(data))));
  // The kernel connects them without us; then there is nothing left to accept with.
  yield* promise(new Promise((resolve) => {
    client.connect(server.sockets[0].getsockname()[1], '127.0.0.1', resolve);
  }));
  const taken = [];
  try {
    for (;;) taken.push(openSync('/dev/null'));
  } catch {}
  yield* server.startServing();
  yield* reported;
  for (const descriptor of taken) closeSync(descriptor);
  const text = yield* promise(answer);
  yield* served;
  client.destroy();
  console.log(JSON.stringify({ reports, text, serving: server.isServing() }));
  yield* server.shutdown();
});
`;

test('slow (a second): EMFILE is reported once, the listener is kept and goes on', () => {
  const child = spawnSync(
    'sh',
    ['-c', 'ulimit -n 256 && exec "$0" --input-type=module -e "$1"', process.execPath, PROGRAM],
    { cwd: ROOT, encoding: 'utf8', timeout: 20_000 },
  );
  expect(child.stderr).toBe('');
  expect(JSON.parse(child.stdout)).toEqual({ reports: ['EMFILE'], text: 'hello', serving: true });
});
