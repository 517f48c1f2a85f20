// What a program pays for before its first turn: files of ours and modules of Node's that are
// loaded, counted instead of timed. And that what is loaded is still what lib/ says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as oxbow from 'oxbow';
import * as http from 'oxbow/http';
import * as testing from 'oxbow/testing';

import { ROOT } from '../support/root.ts';
import { runChild } from './core-child.ts';

/** The files of ours that a program has loaded, as paths from the root, when it ends. */
async function filesOf(program: string): Promise<string[]> {
  const ended = await runChild(`
    import { Session } from 'node:inspector';
    const session = new Session();
    session.connect();
    const urls = [];
    session.on('Debugger.scriptParsed', ({ params }) => urls.push(params.url));
    session.post('Debugger.enable');
    ${program}
    session.disconnect();
    console.log(JSON.stringify(urls));`);
  expect(ended).toMatchObject({ code: 0, stderr: '' });
  const root = new URL(`file://${ROOT}/`).href;
  return (JSON.parse(ended.stdout) as string[])
    .filter((url) => url.startsWith(`${root}dist/`))
    .map((url) => url.slice(root.length))
    .sort();
}

const CORE = ['dist/chunks/oxbow.js', 'dist/index.js'];

test('the package is two files', async () => {
  expect(await filesOf("await import('oxbow');")).toEqual(CORE);
});

test('a first run loads no more of them', async () => {
  const program = "const { run, sleep } = await import('oxbow'); await run(() => sleep(0));";
  expect(await filesOf(program)).toEqual(CORE);
});

test('oxbow/http, oxbow/testing and oxbow/node are one more each', async () => {
  expect(
    await filesOf(
      "await import('oxbow/http'); await import('oxbow/testing'); await import('oxbow/node');",
    ),
  ).toEqual(['dist/chunks/oxbow.js', 'dist/http.js', 'dist/node.js', 'dist/testing.js']);
});

test('of Node it loads what every program needs, and nothing else', async () => {
  const ended = await runChild(`
    const before = new Set(process.moduleLoadList);
    const { run, sleep } = await import('oxbow');
    const { serve } = await import('oxbow/http');
    await run(() => sleep(0));
    await run(function* () {
      for (const hostname of ['127.0.0.1', '0.0.0.0']) {
        const server = yield* serve({ hostname, port: 0, fetch: () => new Response('') });
        server.close();
      }
    });
    const loaded = process.moduleLoadList.filter((name) => !before.has(name));
    console.log(JSON.stringify(loaded));`);
  const modules = (JSON.parse(ended.stdout) as string[]).flatMap(
    (name) => /^NativeModule (?!internal\/)(.*)$/.exec(name)?.[1] ?? [],
  );
  // The last is for Node's own reading of a file.
  const needed = ['async_hooks', 'diagnostics_channel', 'string_decoder'];
  expect(modules.filter((name) => !needed.includes(name))).toEqual([]);
});

test.each([
  ['oxbow', oxbow],
  ['oxbow/http', http],
  ['oxbow/testing', testing],
])('what %s exports is called so', (_name, exported) => {
  const functions = Object.entries(exported).filter(([, value]) => typeof value === 'function');
  expect(functions.length).toBeGreaterThan(0);
  const others = functions
    .map(([name, value]) => [name, (value as Function).name])
    // Made by a function, it has no name.
    .filter(([name, own]) => own !== name && name !== 'eagerTaskFactory');
  expect(others).toEqual([]);
});

test('source maps lead to the line in lib/', async () => {
  const { stdout } = await runChild(
    `
    import { sleep } from 'oxbow';
    try { sleep('soon'); } catch (error) { console.log(error.stack); }`,
    undefined,
    ['--enable-source-maps'],
  );
  const [, file, line] = /at notADuration \((.*\.ts):(\d+):\d+\)/.exec(stdout)!;
  expect(file).toBe(join(ROOT, 'lib/core/support/duration.ts'));
  expect(readFileSync(file!, 'utf8').split('\n')[Number(line) - 1]).toContain('new TypeError(');
});
