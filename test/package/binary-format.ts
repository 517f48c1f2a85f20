/** Reads what a linker has written, as far as the tests of the prebuilt binaries ask. */

import { createHash } from 'node:crypto';

export interface Binary {
  readonly format: 'elf' | 'mach-o';
  /** As `process.arch` has it. */
  readonly arch: string;
  /** Libraries that it asks for. */
  readonly libraries: readonly string[];
  /** Symbols that others must have, each with the version that it needs, if any: `f@GLIBC_2.4`. */
  readonly needs: readonly string[];
  /** Symbols that others can see. */
  readonly gives: readonly string[];
  /** Of Mach-O: whether an ad-hoc signature is there and fits every page. */
  readonly signed: boolean;
}

const text = (bytes: Buffer, at: number): string =>
  bytes.toString('latin1', at, bytes.indexOf(0, at));

export function readBinary(bytes: Buffer): Binary {
  if (bytes.readUInt32BE(0) === 0x7f454c46) return readElf(bytes);
  if (bytes.readUInt32LE(0) === 0xfeedfacf) return readMachO(bytes);
  throw new Error('neither ELF nor Mach-O of 64 bits');
}

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

const ELF_ARCH: Record<number, string> = { 62: 'x64', 183: 'arm64' };
const SHT_DYNAMIC = 6;
const SHT_DYNSYM = 11;
const SHT_GNU_VERNEED = 0x6ffffffe;
const SHT_GNU_VERSYM = 0x6fffffff;
const DT_NEEDED = 1;

function readElf(bytes: Buffer): Binary {
  const at = Number(bytes.readBigUInt64LE(40));
  const sections: Section[] = Array.from({ length: bytes.readUInt16LE(60) }, (_, n) => {
    const head = at + n * bytes.readUInt16LE(58);
    return {
      type: bytes.readUInt32LE(head + 4),
      offset: Number(bytes.readBigUInt64LE(head + 24)),
      size: Number(bytes.readBigUInt64LE(head + 32)),
      link: bytes.readUInt32LE(head + 40),
    };
  });
  const find = (type: number): Section | undefined => sections.find((one) => one.type === type);
  const string = (section: Section, index: number): string =>
    text(bytes, sections[section.link]!.offset + index);

  const libraries: string[] = [];
  const dynamic = find(SHT_DYNAMIC)!;
  for (let entry = dynamic.offset; entry < dynamic.offset + dynamic.size; entry += 16) {
    if (Number(bytes.readBigUInt64LE(entry)) !== DT_NEEDED) continue;
    libraries.push(string(dynamic, Number(bytes.readBigUInt64LE(entry + 8))));
  }

  const versions = elfVersions(bytes, find(SHT_GNU_VERNEED), string);
  const symbols = find(SHT_DYNSYM)!;
  const versym = find(SHT_GNU_VERSYM);
  const needs: string[] = [];
  const gives: string[] = [];
  for (let n = 1; n < symbols.size / 24; n++) {
    const symbol = symbols.offset + n * 24;
    const name = string(symbols, bytes.readUInt32LE(symbol));
    const isUndefined = bytes.readUInt16LE(symbol + 6) === 0;
    const version = versym && versions.get(bytes.readUInt16LE(versym.offset + n * 2) & 0x7fff);
    if (isUndefined) needs.push(version ? `${name}@${version}` : name);
    else gives.push(name);
  }
  const arch = ELF_ARCH[bytes.readUInt16LE(18)] ?? 'unknown';
  return { format: 'elf', arch, libraries, needs, gives, signed: false };
}

/** The names of the versions that are asked for, by the number that symbols have. */
function elfVersions(
  bytes: Buffer,
  section: Section | undefined,
  string: (section: Section, index: number) => string,
): Map<number, string> {
  const versions = new Map<number, string>();
  for (let need = section?.offset; section && need !== undefined;) {
    let entry = need + bytes.readUInt32LE(need + 8);
    for (let count = bytes.readUInt16LE(need + 2); count > 0; count--) {
      versions.set(bytes.readUInt16LE(entry + 6), string(section, bytes.readUInt32LE(entry + 8)));
      entry += bytes.readUInt32LE(entry + 12);
    }
    const next = bytes.readUInt32LE(need + 12);
    need = next === 0 ? undefined : need + next;
  }
  return versions;
}

const MACH_ARCH: Record<number, string> = { 0x01000007: 'x64', 0x0100000c: 'arm64' };
const LC_SYMTAB = 2;
const LC_LOAD_DYLIB = 0xc;
const LC_CODE_SIGNATURE = 0x1d;
const N_STAB = 0xe0;
const N_TYPE = 0x0e;
const N_EXT = 0x01;
const N_PEXT = 0x10;

function readMachO(bytes: Buffer): Binary {
  const libraries: string[] = [];
  const needs: string[] = [];
  const gives: string[] = [];
  let signed = false;
  let command = 32;
  for (let count = bytes.readUInt32LE(16); count > 0; count--) {
    const kind = bytes.readUInt32LE(command) & 0x7fffffff;
    if (kind === LC_LOAD_DYLIB) {
      libraries.push(text(bytes, command + bytes.readUInt32LE(command + 8)));
    } else if (kind === LC_SYMTAB) {
      const [symbols, total, strings] = [8, 12, 16].map((at) => bytes.readUInt32LE(command + at));
      for (let n = 0; n < total!; n++) {
        const symbol = symbols! + n * 16;
        const type = bytes.readUInt8(symbol + 4);
        if (type & N_STAB || !(type & N_EXT) || type & N_PEXT) continue;
        // C's names have an underscore before them.
        const name = text(bytes, strings! + bytes.readUInt32LE(symbol)).replace(/^_/, '');
        ((type & N_TYPE) === 0 ? needs : gives).push(name);
      }
    } else if (kind === LC_CODE_SIGNATURE) {
      signed = isSigned(bytes, bytes.readUInt32LE(command + 8));
    }
    command += bytes.readUInt32LE(command + 4);
  }
  const arch = MACH_ARCH[bytes.readUInt32LE(4)] ?? 'unknown';
  return { format: 'mach-o', arch, libraries, needs, gives, signed };
}

const CODE_DIRECTORY = 0xfade0c02;
const ADHOC = 2;

/** Whether an ad-hoc signature says of every page what is in it; all its numbers are big-endian. */
function isSigned(bytes: Buffer, signature: number): boolean {
  const directory = signature + bytes.readUInt32BE(signature + 16);
  const word = (at: number): number => bytes.readUInt32BE(directory + at);
  if (word(0) !== CODE_DIRECTORY || !(word(12) & ADHOC)) return false;
  const [hashes, slots, limit] = [word(16), word(28), word(32)];
  const hashSize = bytes.readUInt8(directory + 36);
  const pageSize = 2 ** bytes.readUInt8(directory + 39);
  if (slots !== Math.ceil(limit / pageSize)) return false;
  return Array.from({ length: slots }, (_, n) => {
    const page = bytes.subarray(n * pageSize, Math.min((n + 1) * pageSize, limit));
    const said = bytes.subarray(directory + hashes + n * hashSize).subarray(0, hashSize);
    return createHash('sha256').update(page).digest().subarray(0, hashSize).equals(said);
  }).every(Boolean);
}
