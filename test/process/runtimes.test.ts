// Where the core cannot run, one clear line says so: other runtimes, a Node without addons, and
// bundles that took the JavaScript away from its binary.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { rollup } from 'rollup';
import type { Plugin } from 'rollup';

import { checkRuntime } from '#lib/native/load.js';

import { ROOT } from '../support/root.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'oxbow-runtimes-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

const PROGRAM = `
import { run, sleep, startMonitor, toThread } from 'oxbow';
const tell = ({ code, message }) => console.log(code, message);
const attempts = [
  () => run(function* () { yield* sleep(0.001); return 'slept'; }),
  () => run(() => toThread((a, b) => a + b, 1, 2)),
  async () => { startMonitor().close(); return 'monitored'; },
];
attempts.reduce((before, attempt) => before.then(attempt).then(console.log, tell),
  Promise.resolve());
`;

beforeAll(() => {
  mkdirSync(join(FOLDER, 'node_modules'));
  symlinkSync(ROOT, join(FOLDER, 'node_modules/oxbow'));
  writeFileSync(join(FOLDER, 'package.json'), '{"name":"user","private":true}');
  writeFileSync(join(FOLDER, 'main.mjs'), PROGRAM);
});

function node(flags: string[], file: string, env: Record<string, string> = {}): string {
  // Another binary than the package's own would be found also where none is.
  const { OXBOW_BINARY: _, ...rest } = process.env;
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, join(FOLDER, file)], {
    cwd: FOLDER,
    encoding: 'utf8',
    timeout: 20_000,
    env: { ...rest, ...env },
  });
  expect(stderr.replace(/^\(.*\n/gm, '')).toBe('');
  return stdout;
}

test('Bun and Deno are refused by name, before the binary is loaded', () => {
  expect(() => checkRuntime({ node: '24.3.0', bun: '1.4.5' })).toThrow(
    'oxbow: this is Bun 1.4.5, which has no libuv for the loop to run on; ' +
      'oxbow needs Node.js 20.19 or newer',
  );
  expect(() => checkRuntime({ node: '24.2.0', deno: '2.9.6' })).toThrow('this is Deno 2.9.6,');
  checkRuntime(process.versions);
});

const OFF =
  'ERR_OXBOW_NO_ADDONS oxbow: this Node was started without addons, and the core of ' +
  'oxbow is one; ';
// Node 20 has it as an experiment.
const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';

test('--no-addons is named', () => {
  expect(node(['--no-addons'], 'main.mjs').split('\n')[0]).toBe(`${OFF}run it without --no-addons`);
});

test('--permission is named, and may be given with --allow-addons', () => {
  const flags = [PERMISSION, '--allow-fs-read=*'];
  expect(node(flags, 'main.mjs').split('\n')[0]).toBe(
    `${OFF}add --allow-addons to --permission, or run without it`,
  );
  if (!process.allowedNodeEnvironmentFlags.has('--allow-addons')) return;
  const [slept, threads] = node([...flags, '--allow-addons'], 'main.mjs').split('\n');
  expect([slept, threads]).toEqual([
    'slept',
    'ERR_OXBOW_NO_THREADS this Node was started with ' +
      '--permission and without --allow-worker, so there are no threads to do work in',
  ]);
  // What may be loaded need not be readable.
  const dist = [
    PERMISSION,
    '--allow-addons',
    `--allow-fs-read=${FOLDER}`,
    `--allow-fs-read=${join(ROOT, 'dist')}`,
    `--allow-fs-read=${join(ROOT, 'package.json')}`,
  ];
  expect(node(dist, 'main.mjs').split('\n')[0]).toBe('slept');
});

/** What esbuild makes of `import.meta` in a bundle of CommonJS. */
const noImportMeta: Plugin = {
  name: 'no-import-meta',
  resolveImportMeta: (property) => (property === 'url' ? 'undefined' : null),
};

async function bundle(format: 'es' | 'cjs', external: boolean): Promise<string> {
  const resolve: Plugin = {
    name: 'resolve',
    resolveId: (id) => (id === 'oxbow' && !external ? join(ROOT, 'dist/index.js') : null),
  };
  const made = await rollup({
    input: join(FOLDER, 'main.mjs'),
    external: [/^node:/, 'piscina', ...(external ? ['oxbow'] : [])],
    plugins: [resolve, ...(format === 'cjs' ? [noImportMeta] : [])],
    onwarn: () => {},
  });
  const file = `${external ? 'external' : 'full'}.${format === 'es' ? 'mjs' : 'cjs'}`;
  await made.write({ file: join(FOLDER, file), format, inlineDynamicImports: true });
  await made.close();
  return file;
}

describe.each(['es', 'cjs'] as const)('a bundle (%s)', (format) => {
  test('that leaves oxbow outside runs', async () => {
    expect(node([], await bundle(format, true))).toBe('slept\n3\nmonitored\n');
  });

  const advice =
    'Leave oxbow out of the bundle (esbuild: --external:oxbow; rollup: external; ' +
    'webpack: externals) and install it where the bundle runs: npm install oxbow\n';
  const lacks = (what: string): string =>
    `ERR_OXBOW_BUNDLED oxbow: this program is a bundle that has oxbow's JavaScript in it, but not ` +
    `${what}.\n${advice}`;
  const monitor = lacks('the file that the thread of the monitor starts with');

  test('that has oxbow inside says what it lacks and what to do', async () => {
    const binary = lacks('its native binary, which cannot be bundled');
    expect(node([], await bundle(format, false))).toBe(binary + binary + monitor);
  });

  test('that is told a binary lacks only what threads start with', async () => {
    const out = node([], await bundle(format, false), {
      OXBOW_BINARY: join(ROOT, 'build/native/Release/oxbow.node'),
    });
    const threads = lacks('piscina and the file that its threads start with');
    expect(out).toBe(`slept\n${threads}${monitor}`);
  });
});
