/**
 * The loader as a user meets it: in a process of its own, with the binary missing or wrong. What it
 * decides is tested without files too, since one machine has one platform only.
 */

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { LAYOUT_HASH } from '#lib/native/layout.js';
import { loadFrom } from '#lib/native/load.js';
import type { LoadOptions } from '#lib/native/load.js';
import {
  candidates,
  currentTarget,
  elfInterpreter,
  libcOf,
  targetName,
} from '#lib/native/locate.js';

import { ROOT } from '../support/root.ts';

const LINUX = { platform: 'linux', arch: 'x64', libc: 'glibc' } as const;
const PREBUILT = '/p/prebuilds/linux-x64/oxbow.node';
const BUILT = '/p/build/native/Release/oxbow.node';

describe('candidates', () => {
  test('are the local build, then the prebuilt binary', () => {
    expect(candidates('/p', LINUX)).toEqual([BUILT, PREBUILT]);
    expect(candidates('/p/', LINUX)).toEqual([BUILT, PREBUILT]);
  });

  test('are the override alone when there is one', () => {
    expect(candidates('/p', LINUX, '/x.node')).toEqual(['/x.node']);
    expect(candidates('/p', LINUX, '')).toEqual([BUILT, PREBUILT]);
  });

  test.each([
    [{ platform: 'linux', arch: 'arm64', libc: 'glibc' } as const, 'linux-arm64'],
    [{ platform: 'linux', arch: 'x64', libc: 'musl' } as const, 'linux-x64-musl'],
    [{ platform: 'darwin', arch: 'arm64', libc: '' } as const, 'darwin-arm64'],
  ])('of %j are in the folder %s', (target, name) => {
    expect(targetName(target)).toBe(name);
  });
});

/** A program header table with one entry that points to `interpreter`. */
function elf(interpreter: string): Uint8Array {
  const bytes = new Uint8Array(256);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  view.setBigUint64(32, 64n, true);
  view.setUint16(54, 56, true);
  view.setUint16(56, 1, true);
  view.setUint32(64, 3, true);
  view.setBigUint64(72, 128n, true);
  view.setBigUint64(96, BigInt(interpreter.length + 1), true);
  bytes.set(new TextEncoder().encode(interpreter), 128);
  return bytes;
}

describe('the C library', () => {
  test('is what the program asks for, whatever else is installed', () => {
    const musl = elf('/lib/ld-musl-x86_64.so.1');
    const glibc = elf('/lib64/ld-linux-x86-64.so.2');
    expect(elfInterpreter(musl)).toBe('/lib/ld-musl-x86_64.so.1');
    expect(libcOf(musl, false)).toBe('musl');
    expect(libcOf(glibc, true)).toBe('glibc');
  });

  test('is guessed from the linker for a program that names none', () => {
    for (const head of [new Uint8Array(), new TextEncoder().encode('#!/bin/sh'), elf('')]) {
      expect(libcOf(head, true)).toBe('musl');
      expect(libcOf(head, false)).toBe('glibc');
    }
  });

  test('of this process is known exactly where there is a choice', () => {
    const { platform, libc } = currentTarget();
    expect(libc === '').toBe(platform !== 'linux');
  });
});

const ADDON = { layoutHash: LAYOUT_HASH };

function options(files: Record<string, () => unknown>, override?: string): LoadOptions {
  return {
    root: '/p',
    target: LINUX,
    override,
    exists: (path) => path in files,
    load: (path) => files[path]!(),
  };
}

function failure(given: LoadOptions): NodeJS.ErrnoException {
  try {
    loadFrom(given);
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
  throw new Error('it loaded');
}

describe('loading', () => {
  test('takes the first that is there', () => {
    const other = { layoutHash: LAYOUT_HASH };
    expect(loadFrom(options({ [BUILT]: () => ADDON, [PREBUILT]: () => other }))).toBe(ADDON);
    expect(loadFrom(options({ [PREBUILT]: () => other }))).toBe(other);
  });

  test('goes on after a binary that cannot be loaded', () => {
    const broken = (): never => {
      throw new Error('GLIBC_2.99 not found');
    };
    expect(loadFrom(options({ [BUILT]: broken, [PREBUILT]: () => ADDON }))).toBe(ADDON);
    const error = failure(options({ [PREBUILT]: broken }));
    expect(error.code).toBe('ERR_OXBOW_NO_BINARY');
    expect(error.message).toContain(`${PREBUILT}: GLIBC_2.99 not found`);
    expect(error.cause).toMatchObject({ message: 'GLIBC_2.99 not found' });
  });

  test('says platform, arch, libc, paths and command when there is none', () => {
    const error = failure(options({}));
    expect(error.code).toBe('ERR_OXBOW_NO_BINARY');
    for (const part of [
      'platform linux',
      'arch x64',
      'libc glibc',
      `${PREBUILT}: not there`,
      `${BUILT}: not there`,
      'node tools/build-native.mjs',
    ]) {
      expect(error.message).toContain(part);
    }
  });

  test.each([
    ['win32', 'x64', '', 'win32-x64'],
    ['linux', 'ia32', 'glibc', 'linux-ia32'],
    ['linux', 'riscv64', 'musl', 'linux-riscv64-musl'],
    ['freebsd', 'arm64', '', 'freebsd-arm64'],
  ] as const)('says so of %s on %s, which no binary is made for', (platform, arch, libc, name) => {
    const error = failure({ ...options({}), target: { platform, arch, libc } });
    expect(error.code).toBe('ERR_OXBOW_NO_BINARY');
    const place = `platform ${platform}, arch ${arch}${libc ? `, libc ${libc}` : ''}`;
    for (const part of [
      `no native binary for ${name} (${place})`,
      `${BUILT}: not there`,
      `/p/prebuilds/${name}/oxbow.node: not there`,
      'Build it: cd /p && npm install --ignore-scripts && node tools/build-native.mjs',
    ]) {
      expect(error.message).toContain(part);
    }
  });

  test('blames the override when that is what is wrong', () => {
    const error = failure(options({ [BUILT]: () => ADDON }, '/x.node'));
    expect(error.message).toContain('/x.node: not there');
    expect(error.message).toContain('OXBOW_BINARY is set');
    expect(error.message).not.toContain(BUILT);
  });

  test('refuses a binary with another layout', () => {
    const error = failure(options({ [BUILT]: () => ({ layoutHash: LAYOUT_HASH + 1 }) }));
    expect(error.code).toBe('ERR_OXBOW_STALE_BINARY');
    expect(error.message).toContain('rebuild it: node tools/build-native.mjs');
  });
});

describe('in a process', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'oxbow-loader-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function load(root: string, binary?: string): { status: number | null; err: string } {
    const url = pathToFileURL(join(root, 'dist/index.js')).href;
    const env = { ...process.env, OXBOW_BINARY: binary };
    const program = `const { newEventLoop } = await import(${JSON.stringify(url)});
      newEventLoop().close();`;
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      env,
      cwd: folder,
      encoding: 'utf8',
      timeout: 20_000,
    });
    return { status, err: stderr };
  }

  function copyOfDist(): string {
    cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), readFileSync(join(ROOT, 'package.json')));
    return folder;
  }

  test('the local build is loaded', () => {
    expect(load(ROOT)).toEqual({ status: 0, err: '' });
  });

  test('a package without a binary says what to do', () => {
    const { status, err } = load(copyOfDist());
    expect(status).toBe(1);
    expect(err).toContain("code: 'ERR_OXBOW_NO_BINARY'");
    expect(err).toContain(join(folder, 'build/native/Release/oxbow.node: not there'));
  });

  test('a prebuilt binary is found', () => {
    const root = copyOfDist();
    const [, prebuilt] = candidates(root, currentTarget());
    mkdirSync(join(prebuilt!, '..'), { recursive: true });
    cpSync(join(ROOT, 'build/native/Release/oxbow.node'), prebuilt!);
    expect(load(root)).toEqual({ status: 0, err: '' });
  });

  test('OXBOW_BINARY is taken from the working directory', () => {
    const root = copyOfDist();
    cpSync(join(ROOT, 'build/native/Release/oxbow.node'), join(folder, 'mine.node'));
    expect(load(root, 'mine.node')).toEqual({ status: 0, err: '' });
    expect(load(root, 'other.node').err).toContain(`${join(folder, 'other.node')}: not there`);
  });

  test('a file that is no binary is reported with the reason of the system', () => {
    writeFileSync(join(folder, 'text.node'), 'no binary');
    const { status, err } = load(ROOT, 'text.node');
    expect(status).toBe(1);
    expect(err).toMatch(/text\.node: .*(file too short|invalid ELF header|not a mach-o)/i);
  });
});
