import { posix } from 'node:path';

import type { Finding, SourceFile } from './tidy-files.ts';

/** An import or re-export from a file of this package, up to its quoted path; or a bare import. */
const FROM = /^(import|export)\s+([^'";]*?)\s*from\s*'(\.[^']*)'|^import\s*'(\.[^']*)'/gm;

/** Whether nothing of it is left when the types have been taken away. */
function onlyTypes(names: string): boolean {
  if (names.startsWith('type ')) return true;
  const inside = /^\{([^]*)\}$/.exec(names.trim());
  if (inside === null) return false;
  const all = inside[1]!
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return all.length > 0 && all.every((name) => name.startsWith('type '));
}

/** The files that must have run before this one. */
function needs(file: SourceFile): string[] {
  return [...file.text.matchAll(FROM)].flatMap((match) => {
    const path = match[4] ?? (onlyTypes(match[2]!) ? undefined : match[3]);
    return path === undefined ? [] : [posix.join(posix.dirname(file.path), path)];
  });
}

/**
 * Files of lib/ that need each other when they are loaded: which of them runs first then hangs on
 * who is imported first, and what the other one needs is not there yet. One circle for each file
 * that a search comes back to.
 */
export function valueCircles(files: readonly SourceFile[]): Finding[] {
  const inLib = files.filter(({ path }) => /^lib\/.*\.ts$/.test(path));
  const graph = new Map(inLib.map((file) => [file.path, needs(file)]));
  const done = new Set<string>();
  const found: Finding[] = [];
  const search = (path: string, way: readonly string[]): void => {
    const at = way.indexOf(path);
    if (at >= 0) {
      found.push(`${path}:1: goes round: ${[...way.slice(at), path].join(' -> ')}`);
      return;
    }
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) search(next, [...way, path]);
    done.add(path);
  };
  for (const path of graph.keys()) search(path, []);
  return found;
}
