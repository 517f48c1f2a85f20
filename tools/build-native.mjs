// Builds the addon, build/native/Release/oxbow.node, with cmake-js, which runs CMake with the
// settings for a Node addon. Missing tools come from npm (toolchain.mjs).
//
//   node tools/build-native.mjs
//   node tools/build-native.mjs kqueue    build/kqueue: the kqueue driver on a model of it (tests)
//   node tools/build-native.mjs address   build/address: with AddressSanitizer (tests)

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { TOOLCHAIN } from './fetch-tool.mjs';
import { toolchain } from './toolchain.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A function that reads CMake's cache of an earlier build; undefined without one. */
function remembered(folder) {
  const path = join(folder, 'CMakeCache.txt');
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  return (name) => new RegExp(`^${name}:\\w+=(.*)$`, 'm').exec(text)?.[1] ?? '';
}

/**
 * Deletes an earlier build if one of its tools is gone, the folder was moved, or it was made by zig
 * while this machine now has a compiler (or the reverse): CMake never looks for tools again.
 */
export function forgetStale(folder, zig) {
  const cached = remembered(folder);
  if (!cached) return;
  const gone = [
    'CMAKE_CXX_COMPILER',
    'CMAKE_MAKE_PROGRAM',
    'CMAKE_COMMAND',
    'OXBOW_UV_INCLUDE_DIR',
  ].some((name) => cached(name).startsWith('/') && !existsSync(cached(name)));
  const other = cached('CMAKE_CXX_COMPILER').startsWith(TOOLCHAIN) !== zig;
  if (gone || other || cached('CMAKE_CACHEFILE_DIR') !== folder) {
    rmSync(folder, { recursive: true });
  }
}

export function buildNative(out = join(ROOT, 'build/native'), flags = []) {
  const { env, zig } = toolchain();
  forgetStale(out, zig);
  const require = createRequire(import.meta.url);
  const cmakeJs = join(dirname(require.resolve('cmake-js/package.json')), 'bin/cmake-js');
  const { status } = spawnSync(
    process.execPath,
    [
      cmakeJs,
      'compile',
      '--directory',
      ROOT,
      '--out',
      out,
      '--parallel',
      String(availableParallelism()),
      `--CDOXBOW_NODE=${process.execPath}`,
      ...flags,
    ],
    { cwd: ROOT, env, stdio: 'inherit' },
  );
  if (status !== 0) throw new Error('the native part could not be built; see above');
}

/** The builds by name, with their settings; each is made in build/<name>. */
const KINDS = {
  native: [],
  kqueue: ['--CDOXBOW_KQUEUE_MODEL=ON'],
  address: ['--CDOXBOW_SANITIZE=address'],
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const [kind = 'native', ...rest] = process.argv.slice(2);
    if (!(kind in KINDS) || rest.length > 0) {
      throw new Error(`build-native.mjs takes one of ${Object.keys(KINDS).join(', ')}, or nothing`);
    }
    buildNative(join(ROOT, 'build', kind), KINDS[kind]);
  } catch (error) {
    console.error(`oxbow: ${error.message}`);
    process.exit(1);
  }
}
