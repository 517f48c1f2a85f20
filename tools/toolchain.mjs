// Finds the tools to build the native part: CMake, make or ninja, and a C++20 compiler. The
// system's own are preferred; missing ones are fetched from npm (fetch-tool.mjs).
//
//   node tools/toolchain.mjs            prints what a build would use, and fetches what is missing
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

/** Whether CMake is installed, and as new as CMakeLists.txt requires. */
function hasCMake() {
  const [, major, minor] = /version (\d+)\.(\d+)/.exec(runs('cmake', '--version').stdout) ?? [];
  return Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 15);
}

const has = (command) => runs(command, '--version').status === 0;

// Uses the library as well, as a compiler may be installed without its headers.
const PROBE = `#include <concepts>
#include <span>
template <std::integral T> T first(std::span<T> all) { return all[0]; }
int main() { int one[] = {0}; return first(std::span<int>(one)); }
`;

/** The first of these commands that compiles C++20. */
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

/** Zig's name for one of Node's targets. */
export function zigTarget({ platform, arch, libc }) {
  const cpu = { x64: 'x86_64', arm64: 'aarch64' }[arch];
  // The oldest glibc that is still in use; one version, so that every build is the same.
  if (platform === 'linux') return `${cpu}-linux-${libc === 'musl' ? 'musl' : 'gnu.2.28'}`;
  // Likewise the oldest macOS for both processors, on which Node 20 runs.
  return platform === 'darwin' ? `${cpu}-macos.11.0` : `${cpu}-${platform}`;
}

/** A folder of commands that call zig as C++ compiler, archiver and so on for a target. */
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
  // Without -mcpu, zig compiles for this machine's CPU. For each set of such flags zig first builds
  // its C++ library, which takes a minute, so they are the same for all commands.
  const flags = `-target ${target} -mcpu=baseline -O2 -s`;
  command('cc', `cc ${flags}`);
  command('c++', `c++ ${flags}`);
  // cmake-js checks that this name exists before it starts CMake, which uses c++.
  command('clang++', `c++ ${flags}`);
  command('ar', 'ar');
  command('ranlib', 'ranlib');
  makeLibrary(folder);
  return folder;
}

/** Makes zig build its C++ library now: during a build it would print thousands of warnings. */
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
  // In some packages, programs lack the permission to be executed.
  for (const name of ['cmake', 'ctest', 'ninja']) {
    if (existsSync(join(folder, name))) chmodSync(join(folder, name), 0o755);
  }
  // It may need libraries that this system lacks: CMake from npm needs glibc 2.34 and OpenSSL 3.
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
 * The environment for a build with CMake on this machine, and whether zig is the compiler.
 * @throws Error with a message for users: what is missing and how to install it
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
  // By default CMake uses make.
  if (!has('make')) env.CMAKE_GENERATOR ??= 'Ninja';
  return { env, zig };
}

/** The environment for a build that is the same on every machine: all tools come from npm. */
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

/** The target of this machine, which depends on Node's own program: that may be built for musl. */
function hostTarget() {
  const { platform, arch } = process;
  // A report of Node on musl has no glibc version. (lib/native/locate.ts looks closer, but may not
  // be compiled yet.)
  const glibc = process.report?.getReport === undefined ? true : usesGlibc();
  return { platform, arch, libc: platform === 'linux' && !glibc ? 'musl' : '' };
}

function usesGlibc() {
  // Otherwise the report makes network look-ups.
  process.report.excludeNetwork = true;
  return process.report.getReport().header.glibcVersionRuntime !== undefined;
}

// --- uv.h ----------------------------------------------------------------------------------------

/** The home folder. Node throws for users that have none. */
function home() {
  try {
    return homedir();
  } catch {
    return '/nonexistent';
  }
}

/** The folders in which installations of Node put their headers. */
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
 * A folder that has uv.h, the only header that node-api-headers lacks. Node's own copy is preferred
 * to that of an installed libuv, as its version is the one inside the process.
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
