import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A source file as the rules see it. */
export interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** One broken rule; `path:line` comes first, so that editors can jump there. */
export type Finding = string;

const SOURCE = /\.(ts|mjs|js|cc|h)$|(^|\/)CMakeLists\.txt$/;
const FOLDERS = ['lib', 'native', 'test', 'examples', 'bench', 'tools'];
const SKIPPED = new Set(['node_modules', 'build', 'dist', 'types']);

/** Every source file that people write, in the order of their paths. */
export function sourceFiles(root: string): SourceFile[] {
  const paths = FOLDERS.flatMap((folder) => walk(root, folder));
  const top = readdirSync(root).filter((name) => SOURCE.test(name));
  return [...top, ...paths]
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

function walk(root: string, folder: string): string[] {
  return entries(join(root, folder)).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    // test/types holds type tests; the generated types/ stands at the root and is not walked.
    if (entry.isDirectory()) {
      return SKIPPED.has(entry.name) && path !== 'test/types' ? [] : walk(root, path);
    }
    return SOURCE.test(entry.name) ? [path] : [];
  });
}

function entries(folder: string): import('node:fs').Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Number of the line, from 1, in which an offset lies. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
  }
  return line;
}
