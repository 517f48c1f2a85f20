import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Finding } from './tidy-files.ts';

/** Contents of a folder: path inside it to text. */
export type Tree = ReadonlyMap<string, string>;

function readTree(folder: string): Tree {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(
    paths
      .filter((path) => path.endsWith('.d.ts'))
      .sort()
      .map((path) => [path, readFileSync(join(folder, path), 'utf8')] as const),
  );
}

/** Files that differ, lack or are too many in what is committed. */
export function compareTrees(committed: Tree, fresh: Tree, where: string): Finding[] {
  const all = [...new Set([...committed.keys(), ...fresh.keys()])].sort();
  return all
    .filter((path) => committed.get(path) !== fresh.get(path))
    .map((path) => {
      const advice = fresh.has(path)
        ? 'is stale; run: npm run build:ts'
        : 'has no source; delete it';
      return `${where}/${path}:1: ${advice}`;
    });
}

function typescript(root: string): string {
  const require = createRequire(join(root, 'package.json'));
  return join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
}

/** The part of tools/public-types.mjs that tests use. */
interface PublicTypes {
  publicTypes(folder: string): Map<string, string>;
}

/** Makes the public declarations of lib/ anew and compares them with types/. */
export async function checkTypes(root: string): Promise<Finding[]> {
  const url = pathToFileURL(join(root, 'tools/public-types.mjs'));
  const { publicTypes } = (await import(url.href)) as PublicTypes;
  const folder = mkdtempSync(join(tmpdir(), 'oxbow-types-'));
  try {
    spawnSync(
      process.execPath,
      [
        typescript(root),
        '-p',
        join(root, 'tsconfig.json'),
        '--emitDeclarationOnly',
        '--declarationDir',
        folder,
      ],
      { cwd: root, stdio: 'ignore' },
    );
    return compareTrees(readTree(join(root, 'types')), publicTypes(folder), 'types');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Members of classes and interfaces in types/ that are not for users. */
export function internalMembers(committed: Tree): Finding[] {
  return [...committed].flatMap(([path, text]) =>
    text
      .split('\n')
      .flatMap((line, at) =>
        /^\s+(?:\w+ )*_\w+[?(<:]|@internal/.test(line)
          ? [`types/${path}:${at + 1}: is internal`]
          : [],
      ),
  );
}

/** The declarations that are committed. */
export function committedTypes(root: string): Tree {
  return readTree(join(root, 'types'));
}

/** The part of tools/generate-layout.mjs that tests use. */
export interface LayoutGenerator {
  generate(source?: string): [URL, string][];
  parseLayout(source: string): { name: string; value: number; comment: string[] }[];
  hashLayout(constants: readonly { name: string; value: number }[]): number;
}

/** Loads the generator; it is plain JavaScript outside of what is compiled. */
export async function layoutGenerator(root: string): Promise<LayoutGenerator> {
  const url = pathToFileURL(join(root, 'tools/generate-layout.mjs'));
  return (await import(url.href)) as LayoutGenerator;
}

/** Generated layout files that do not fit native/ring/layout.h. */
export async function checkLayout(root: string): Promise<Finding[]> {
  const { generate } = await layoutGenerator(root);
  return generate()
    .filter(([url, text]) => readFileSync(url, 'utf8') !== text)
    .map(([url]) => `${url.pathname}:1: is stale; run: node tools/generate-layout.mjs`);
}
