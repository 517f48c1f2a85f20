/**
 * What users get: the package is packed, installed into an empty folder, imported, required and
 * compiled against. It is packed from a copy of the checkout, because packing puts the binary into
 * prebuilds/, where the other tests would load it. It is installed with an empty cache from a
 * registry on this machine, so what the network or an earlier install has does not matter.
 */

import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

import { currentTarget, targetName } from '#lib/native/locate.js';

import { ROOT } from '../support/root.ts';
import { parsePack, run, serveInstalled } from './registry.ts';

const LEFT_OUT = new Set(['.git', 'node_modules', 'build', 'prebuilds']);
const BINARY = 'build/native/Release/oxbow.node';
const BINARY_OF_TLS = 'build/native/Release/oxbow_tls.node';

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}
const readJson = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
const MANIFEST = readJson('package.json') as Manifest;

/** The folders of node_modules that these packages take, and all that they depend on. */
function withTheirNeeds(names: readonly string[]): Set<string> {
  const { packages } = readJson('package-lock.json') as {
    packages: Record<string, Partial<Manifest>>;
  };
  const all = new Set(names);
  for (const name of all) {
    const { dependencies, optionalDependencies } = packages[`node_modules/${name}`] ?? {};
    for (const need of Object.keys({ ...dependencies, ...optionalDependencies })) all.add(need);
  }
  return new Set([...all].map((name) => name.split('/')[0]!));
}

let folder: string;
let packed: string[];

/** Runs a program in the folder where the package is installed; gives what it prints. */
async function program(name: string, ...lines: string[]): Promise<string> {
  const path = join(folder, 'user', name);
  writeFileSync(path, lines.join('\n'));
  return (await run(join(folder, 'user'), process.execPath, path)).trim();
}

function copyCheckout(to: string): void {
  cpSync(ROOT, to, {
    recursive: true,
    filter: (path) => !LEFT_OUT.has(relative(ROOT, path).split('/')[0]!),
  });
  mkdirSync(dirname(join(to, BINARY)), { recursive: true });
  for (const binary of [BINARY, BINARY_OF_TLS]) cpSync(join(ROOT, binary), join(to, binary));
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'oxbow-package-'));
  const copy = join(folder, 'checkout');
  copyCheckout(copy);
  await run(copy, process.execPath, join(ROOT, 'tools/pack.mjs'), 'before', copy);
  const { filename, files } = parsePack(
    await run(copy, 'npm', 'pack', '--json', '--ignore-scripts'),
  );
  packed = files.map(({ path }) => path);
  const user = join(folder, 'user');
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), '{"name":"user","private":true}');
  const registry = await serveInstalled(join(ROOT, 'node_modules'), folder);
  try {
    await run(
      user,
      'npm',
      'install',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      `--registry=${registry.url}`,
      `--cache=${join(folder, 'cache')}`,
      join(copy, filename),
    );
  } finally {
    registry.close();
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the tarball', () => {
  test('has what users need', () => {
    const target = targetName(currentTarget());
    for (const path of [
      'package.json',
      'README.md',
      'LICENSE',
      'dist/index.js',
      'dist/http.js',
      'dist/node.js',
      'dist/testing.js',
      'types/index.d.ts',
      'types/http.d.ts',
      'types/node.d.ts',
      'types/testing.d.ts',
      'lib/index.ts',
      'CMakeLists.txt',
      'native/ring/layout.h',
      'tools/build-native.mjs',
      `prebuilds/${target}/oxbow.node`,
      `prebuilds/${target}/oxbow_tls.node`,
    ]) {
      expect(packed).toContain(path);
    }
  });

  test('has nothing else', () => {
    const folders = /^(dist|types|lib|native|tools|prebuilds)\//;
    const top = /^(package\.json|LICENSE|CMakeLists\.txt|README\.md|CHANGELOG\.md)$/;
    expect(packed.filter((path) => !folders.test(path) && !top.test(path))).toEqual([]);
  });

  test('is code that V8 keeps in one byte a character', () => {
    const code = packed.filter((path) => /^dist\/.*\.js$/.test(path));
    expect(code.length).toBeGreaterThan(5);
    const isWide = (path: string): boolean =>
      /[^\x00-\x7f]/.test(readFileSync(join(ROOT, path), 'utf8'));
    expect(code.filter(isWide)).toEqual([]);
  });

  test('runs nothing when it is installed', () => {
    // npm runs node-gyp where there is a binding.gyp, whatever else is said.
    expect(packed.filter((path) => /(^|\/)binding\.gyp$/.test(path))).toEqual([]);
    const path = join(folder, 'user/node_modules/oxbow/package.json');
    const { scripts } = JSON.parse(readFileSync(path, 'utf8')) as { scripts: object };
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
  });

  test('has the source of every source map', () => {
    const root = join(folder, 'user/node_modules/oxbow');
    const maps = packed.filter((path) => path.endsWith('.js.map'));
    expect(maps.length).toBeGreaterThan(0);
    const missing = maps.flatMap((path) => {
      const map = JSON.parse(readFileSync(join(root, path), 'utf8')) as { sources: string[] };
      return map.sources.filter((source) => !existsSync(join(root, dirname(path), source)));
    });
    expect(missing).toEqual([]);
  });

  test('installs itself and what package.json names, with what those need', () => {
    const installed = readdirSync(join(folder, 'user/node_modules'));
    const names = installed.filter((name) => !name.startsWith('.')).sort();
    const named = Object.keys(MANIFEST.dependencies).map((name) => name.split('/')[0]!);
    expect(names).toEqual(expect.arrayContaining(['oxbow', ...named]));
    const needed = withTheirNeeds(Object.keys(MANIFEST.dependencies));
    expect(names.filter((name) => name !== 'oxbow' && !needed.has(name))).toEqual([]);
  });
});

const BODY = [
  'const task = function* () { yield* sleep(0.001); return 2; };',
  'run(function* () {',
  '  const [a, b] = yield* gather(task(), task());',
  '  return a + b;',
  '}).then((sum) => console.log(`sum ${sum}`));',
];

describe('the installed package', () => {
  test('runs when it is imported', async () => {
    const out = await program('esm.mjs', "import { gather, run, sleep } from 'oxbow';", ...BODY);
    expect(out).toBe('sum 4');
  });

  test('runs when it is required', async () => {
    const out = await program(
      'cjs.cjs',
      "const { gather, run, sleep } = require('oxbow');",
      ...BODY,
    );
    expect(out).toBe('sum 4');
  });

  test('is one and the same both ways', async () => {
    const out = await program(
      'both.mjs',
      "import { createRequire } from 'node:module';",
      "import { run } from 'oxbow';",
      "console.log(createRequire(import.meta.url)('oxbow').run === run);",
    );
    expect(out).toBe('true');
  });

  test('does work in threads', async () => {
    const out = await program(
      'threads.mjs',
      "import { run, toThread } from 'oxbow';",
      'console.log(await run(() => toThread((a, b) => a + b, 1, 2)));',
    );
    expect(out).toBe('3');
  });

  test('has its other entry points and no deep ones', async () => {
    const out = await program(
      'entries.mjs',
      "import { serve } from 'oxbow/http';",
      "import * as testing from 'oxbow/testing';",
      "import info from 'oxbow/package.json' with { type: 'json' };",
      "const deep = await import('oxbow/dist/index.js').catch((error) => error.code);",
      'console.log(typeof serve, typeof testing, info.name, deep);',
    );
    expect(out).toBe('function object oxbow ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  test('has its command', async () => {
    const bin = join(folder, 'user/node_modules/.bin/oxbow');
    const path = join(folder, 'user', 'main.mjs');
    writeFileSync(
      path,
      "import { sleep } from 'oxbow';\n" +
        'export default function* (word) { yield* sleep(0.001); console.log(word); }',
    );
    expect(await run(join(folder, 'user'), bin, 'run', path, 'ran')).toBe('ran\n');
    expect(await run(join(folder, 'user'), bin, '--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('loads no binary before it is used', async () => {
    const out = await program(
      'lazy.mjs',
      "process.env.OXBOW_BINARY = '/nowhere.node';",
      "const { run } = await import('oxbow');",
      'try { await run(function* () {}); } catch (error) { console.log(error.code); }',
    );
    expect(out).toBe('ERR_OXBOW_NO_BINARY');
  });
});

function compile(name: string, ...lines: string[]): string {
  const user = join(folder, 'user');
  writeFileSync(join(user, name), lines.join('\n'));
  const require = createRequire(join(ROOT, 'package.json'));
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  const { stdout } = spawnSync(
    process.execPath,
    [
      tsc,
      '--noEmit',
      '--strict',
      '--target',
      'es2023',
      '--lib',
      'es2023,esnext.disposable',
      '--module',
      'nodenext',
      '--moduleResolution',
      'nodenext',
      '--typeRoots',
      join(ROOT, 'node_modules/@types'),
      '--types',
      'node',
      name,
    ],
    { cwd: user, encoding: 'utf8', timeout: 60_000 },
  );
  return stdout;
}

describe('the types', () => {
  const lines = [
    "import { gather, run, sleep } from 'oxbow';",
    "import { serve } from 'oxbow/http';",
    'function* one() { yield* sleep(0.001); return 1; }',
    "function* two() { return 'two'; }",
    'export const answer: Promise<string> = run(function* () {',
    '  const [a, b] = yield* gather(one(), two());',
    '  return b.repeat(a);',
    '});',
    'export type Serve = typeof serve;',
  ];

  test('compile strictly in an ES module', () => {
    expect(compile('user.mts', ...lines)).toBe('');
  });

  test('compile strictly in a CommonJS module', () => {
    expect(compile('user.cts', ...lines)).toBe('');
  });

  test('refuse what is wrong', () => {
    const wrong = lines.map((line) => line.replace('b.repeat(a)', 'a.repeat(b)'));
    expect(compile('wrong.mts', ...wrong)).toContain("'repeat' does not exist on type 'number'");
  });
});
