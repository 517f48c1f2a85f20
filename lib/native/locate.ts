/**
 * Where the addon's binary may be. Pure functions, except {@link currentTarget}, so that tests can
 * cover platforms that they do not run on.
 */

import { closeSync, existsSync, openSync, readSync } from 'node:fs';

/** C library of a Linux system; `''` where there is no such choice. */
export type Libc = 'glibc' | 'musl' | '';

/** What a binary is built for; not Node's version, because Node-API is stable. */
export interface Target {
  readonly platform: string;
  readonly arch: string;
  readonly libc: Libc;
}

/**
 * Name of a target's folder in `prebuilds/`.
 *
 * @example
 * targetName({ platform: 'linux', arch: 'x64', libc: 'musl' }); // 'linux-x64-musl'
 */
export function targetName({ platform, arch, libc }: Target): string {
  return libc === 'musl' ? `${platform}-${arch}-musl` : `${platform}-${arch}`;
}

/**
 * The paths to try, in order: a binary built locally, then the prebuilt binary of the package. A
 * user who has built one wants it used, because the prebuilt one does not work or to try a change.
 *
 * @param root - folder that has `package.json`
 * @param override - value of `OXBOW_BINARY`: when it is given, nothing else is tried
 */
export function candidates(root: string, target: Target, override?: string): string[] {
  if (override) return [override];
  const base = root.endsWith('/') ? root.slice(0, -1) : root;
  return [
    `${base}/build/native/Release/oxbow.node`,
    `${base}/prebuilds/${targetName(target)}/oxbow.node`,
  ];
}

const PROGRAM_INTERPRETER = 3;

/**
 * Path of the dynamic linker that an ELF program asks for, `''` when none is found.
 *
 * @param head - the first bytes of the program, which contain its headers
 */
export function elfInterpreter(head: Uint8Array): string {
  const isElf64 =
    head.length >= 64 &&
    head[0] === 0x7f &&
    head[1] === 0x45 &&
    head[2] === 0x4c &&
    head[3] === 0x46 &&
    head[4] === 2;
  if (!isElf64) return '';
  const little = head[5] === 1;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const first = Number(view.getBigUint64(32, little));
  const size = view.getUint16(54, little);
  const count = view.getUint16(56, little);
  for (let at = first; at < first + size * count && at + 40 <= head.length; at += size) {
    if (view.getUint32(at, little) !== PROGRAM_INTERPRETER) continue;
    const start = Number(view.getBigUint64(at + 8, little));
    const bytes = head.subarray(start, start + Number(view.getBigUint64(at + 32, little)));
    return String.fromCharCode(...bytes.filter((byte) => byte !== 0));
  }
  return '';
}

/**
 * C library of a Linux program. The program's own header decides, since a glibc system may have
 * musl's linker installed too; `hasMuslLinker` decides for programs without an interpreter.
 * `process.report` knows as well, but may take seconds because it looks up network names.
 */
export function libcOf(head: Uint8Array, hasMuslLinker: boolean): Libc {
  const interpreter = elfInterpreter(head);
  if (interpreter) return interpreter.includes('ld-musl-') ? 'musl' : 'glibc';
  return hasMuslLinker ? 'musl' : 'glibc';
}

/** The target of this process. */
export function currentTarget(): Target {
  const { platform, arch } = process;
  return { platform, arch, libc: platform === 'linux' ? currentLibc() : '' };
}

const MUSL_ARCH: Record<string, string> = { x64: 'x86_64', arm64: 'aarch64', ia32: 'i386' };

function currentLibc(): Libc {
  const linker = `/lib/ld-musl-${MUSL_ARCH[process.arch] ?? process.arch}.so.1`;
  return libcOf(readHead(process.execPath), isThere(linker));
}

/** Some processes are not allowed to check (Node's permissions). */
function isThere(path: string): boolean {
  try {
    return existsSync(path);
  } catch {
    return false;
  }
}

/** The first 4 KiB of a file; nothing when it cannot be read (some sandboxes hide Node itself). */
function readHead(path: string): Uint8Array {
  const head = new Uint8Array(4096);
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    return new Uint8Array();
  }
  try {
    return head.subarray(0, readSync(descriptor, head, 0, head.length, 0));
  } finally {
    closeSync(descriptor);
  }
}
