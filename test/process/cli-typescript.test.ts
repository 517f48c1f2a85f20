// `oxbow run` with TypeScript: what Node can do of it differs from version to version.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { ROOT } from '../support/root.ts';
import { oxbow, programs } from './cli-child.ts';

const { write, remove } = programs('cli-typescript');
afterAll(remove);

/** Node strips types by itself (22.18 and newer). */
const strips = Boolean((process.features as { typescript?: unknown }).typescript);
/** Node strips types when it is asked to. */
const could = process.allowedNodeEnvironmentFlags.has('--experimental-strip-types');
/** Makes a Node that strips types by itself one that has to be asked. */
const UNASKED = could ? ['--no-experimental-strip-types'] : [];

const SOURCE = `import { sleep } from '${pathToFileURL(join(ROOT, 'dist/index.js')).href}';
  interface Told { words: readonly string[] }
  export default function* main(...words: string[]) {
    const told: Told = { words };
    try {
      console.log('up', told.words.join(' '), process.argv.length as number);
      yield* sleep(words[0] === 'wait' ? '1h' : 0);
    } finally {
      console.log('down');
    }
    process.exitCode = 7;
  }`;

test('it runs where Node knows it, and says what is missing where not', async () => {
  for (const name of ['main.ts', 'main.mts']) {
    const path = write(name, SOURCE);
    const ended = await oxbow(['run', path, 'a', '--b']);
    if (could) {
      expect(ended).toEqual({ code: 7, signal: null, stdout: 'up a --b 4\ndown\n', stderr: '' });
    } else {
      expect([ended.code, ended.stdout]).toEqual([2, '']);
      expect(ended.stderr).toMatch(/TypeScript needs Node 22\.6 or newer; or compile it first/);
    }
  }
});

test('a Node that must be asked is asked, and nobody sees it', async () => {
  const path = write('asked.ts', SOURCE);
  const ended = await oxbow(['run', path, 'a'], { node: UNASKED });
  expect([ended.code, ended.stdout]).toEqual(could ? [7, 'up a 3\ndown\n'] : [2, '']);
  if (could) expect(ended.stderr).toBe('');
});

test('signals reach the program that runs in another process', async () => {
  if (!could) return;
  const path = write('signals.ts', SOURCE);
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    let sent = false;
    const ended = await oxbow(['run', path, 'wait'], {
      node: UNASKED,
      react: (pid) => {
        if (!sent) process.kill(pid, signal);
        sent = true;
      },
    });
    expect(ended).toEqual({ code, signal: null, stdout: 'up wait 3\ndown\n', stderr: '' });
  }
});

test('syntax that cannot be stripped is an error of the program', async () => {
  const path = write('enum.ts', 'enum Colour { red }', 'export default () => Colour.red;');
  const ended = await oxbow(['run', path]);
  expect(ended.code).toBe(could ? 1 : 2);
  if (strips) expect(ended.stderr).toMatch(/enum\.ts:1\nenum Colour[^]*not supported/);
});
