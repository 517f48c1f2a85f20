/** The echo examples, run as a user runs them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

import { ROOT } from '../support/root.ts';

const folder = join(ROOT, 'build/ts/examples');

test('echo server and client, ended by Ctrl-C', async () => {
  const server = spawn(process.execPath, [join(folder, 'echo-server.js'), '0']);
  const [first] = (await once(createInterface(server.stdout), 'line')) as [string];
  const port = /^echo server on 127\.0\.0\.1:(\d+)$/.exec(first)![1]!;
  const client = spawn(process.execPath, [join(folder, 'echo-client.js'), port, 'one', 'two é']);
  let output = '';
  client.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  const [code] = await once(client, 'close');
  expect(output).toBe('echo: one\necho: two é\n');
  expect(code).toBe(0);
  server.kill('SIGINT');
  expect((await once(server, 'close'))[0]).toBe(130);
});
