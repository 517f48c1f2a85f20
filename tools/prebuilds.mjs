// Builds the binaries that the package contains, for all platforms, with zig.
//
//   node tools/prebuilds.mjs             all of them
//   node tools/prebuilds.mjs NAME...     some, such as linux-x64-musl
//
// The results are prebuilds/<platform>-<arch>[-musl]/oxbow.node, and oxbow_tls.node beside it. The
// same sources give the same bytes on every machine: they contain no paths, no times and nothing
// specific to this machine's processor.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { forgetStale } from './build-native.mjs';
import { fetchTool } from './fetch-tool.mjs';
import { pinnedTools, zigCommands, zigTarget } from './toolchain.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Every platform with a binary. It is skipped if native/driver/ has no file for its `driver`. */
export const TARGETS = [
  { platform: 'linux', arch: 'x64', libc: 'glibc', driver: 'epoll' },
  { platform: 'linux', arch: 'arm64', libc: 'glibc', driver: 'epoll' },
  { platform: 'linux', arch: 'x64', libc: 'musl', driver: 'epoll' },
  { platform: 'linux', arch: 'arm64', libc: 'musl', driver: 'epoll' },
  { platform: 'darwin', arch: 'x64', libc: '', driver: 'kqueue' },
  { platform: 'darwin', arch: 'arm64', libc: '', driver: 'kqueue' },
  { platform: 'freebsd', arch: 'x64', libc: '', driver: 'kqueue' },
];

/** The binaries for each platform: the core, and TLS, which is loaded when it is used. */
const ADDONS = ['oxbow', 'oxbow_tls'];

/** The same name as in lib/native/locate.ts, which may not be compiled yet. */
export const nameOf = ({ platform, arch, libc }) =>
  `${platform}-${arch}${libc === 'musl' ? '-musl' : ''}`;

const SYSTEM = { linux: 'Linux', darwin: 'Darwin', freebsd: 'FreeBSD' };
const PROCESSOR = { x64: 'x86_64', arm64: 'aarch64' };

const BESIDES = [
  'CMakeLists.txt',
  'tools/prebuilds.mjs',
  'tools/toolchain.mjs',
  'tools/toolchain.json',
];

/** A hash of everything that the binaries are made from. */
function fingerprint() {
  const hash = createHash('sha256');
  const files = readdirSync(join(ROOT, 'native'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(cc|h|map)$/.test(path))
    .sort()
    .map((path) => `native/${path}`);
  for (const file of [...BESIDES, ...files]) {
    hash.update(`${file}\0`).update(readFileSync(join(ROOT, file)));
  }
  return hash.digest('hex');
}

const stampOf = (name) => join(ROOT, 'build/prebuilds', `${name}.sha256`);

/** Whether a binary in prebuilds/ was not made by `npm run prebuilds` from the current sources. */
export function stale(name) {
  return !existsSync(stampOf(name)) || readFileSync(stampOf(name), 'utf8') !== fingerprint();
}

function run(command, args, env) {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status === 0) return;
  console.error(stdout ?? '', stderr ?? '');
  throw new Error(`${command} ${args[0]} failed${error ? `: ${error.message}` : ''}`);
}

function configure(target, out, env) {
  const require = createRequire(import.meta.url);
  const commands = zigCommands(zigTarget(target));
  const settings = {
    // Makes CMakeLists.txt build the addon; cmake-js itself builds only for this machine.
    CMAKE_JS_VERSION: 'prebuilds',
    CMAKE_JS_INC: require('node-api-headers').include_dir,
    CMAKE_BUILD_TYPE: 'Release',
    CMAKE_SYSTEM_NAME: SYSTEM[target.platform],
    CMAKE_SYSTEM_PROCESSOR: PROCESSOR[target.arch],
    CMAKE_CXX_COMPILER: join(commands, 'c++'),
    CMAKE_AR: join(commands, 'ar'),
    CMAKE_RANLIB: join(commands, 'ranlib'),
    // The compiler check of CMake need not link a program.
    CMAKE_TRY_COMPILE_TARGET_TYPE: 'STATIC_LIBRARY',
    // Asserts contain file names, which must not depend on the folder.
    CMAKE_CXX_FLAGS: `-ffile-prefix-map=${ROOT}=`,
    CMAKE_LIBRARY_OUTPUT_DIRECTORY: out,
    OXBOW_NODE: process.execPath,
    // Not the headers of the Node that runs this, which may be of any version.
    OXBOW_UV_INCLUDE_DIR: join(fetchTool('headers')[0], 'include/node'),
  };
  // Always the same generator, since another one links in a different order.
  run(
    'cmake',
    [
      '-S',
      ROOT,
      '-B',
      out,
      '-G',
      'Ninja',
      ...Object.entries(settings).map(([name, value]) => `-D${name}=${value}`),
    ],
    env,
  );
}

/** Builds the binaries for one platform; returns their folder. */
function build(target, env) {
  const name = nameOf(target);
  const out = join(ROOT, 'build/prebuilds', name);
  forgetStale(out, true);
  configure(target, out, env);
  run(
    'cmake',
    ['--build', out, '--target', ...ADDONS, '--parallel', String(availableParallelism())],
    env,
  );
  const folder = join(ROOT, 'prebuilds', name);
  mkdirSync(folder, { recursive: true });
  for (const addon of ADDONS) {
    copyFileSync(join(out, `${addon}.node`), join(folder, `${addon}.node`));
  }
  writeFileSync(stampOf(name), fingerprint());
  return folder;
}

function chosen(names) {
  const known = TARGETS.map(nameOf);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown) throw new Error(`there is no target "${unknown}"; there are ${known.join(', ')}`);
  return TARGETS.filter((target) => names.length === 0 || names.includes(nameOf(target)));
}

function main(names) {
  const env = pinnedTools();
  for (const target of chosen(names)) {
    const name = nameOf(target);
    if (!existsSync(join(ROOT, 'native/driver', `${target.driver}.cc`))) {
      console.log(`skipped ${name}: there is no ${target.driver} driver`);
      rmSync(join(ROOT, 'prebuilds', name), { recursive: true, force: true });
      continue;
    }
    const start = performance.now();
    const folder = build(target, env).slice(ROOT.length);
    console.log(`built ${folder} in ${Math.round((performance.now() - start) / 1000)} s`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    console.error(`oxbow: ${error.message}`);
    process.exit(1);
  }
}
