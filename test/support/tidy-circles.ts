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

/** The files that must have run before this one; with `types`, all that it names. */
function needs(file: SourceFile, types = false): string[] {
  return [...file.text.matchAll(FROM)].flatMap((match) => {
    const path = match[4] ?? (onlyTypes(match[2]!) && !types ? undefined : match[3]);
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

/**
 * Circles in lib/core that are wider than one of its rooms, those of types with them: what is on
 * one can only be read as a whole. Inside of a room, files may name each other's types.
 */
export function wideCircles(files: readonly SourceFile[]): Finding[] {
  const inCore = files.filter(({ path }) => /^lib\/core\/.*\.ts$/.test(path));
  const graph = new Map(inCore.map((file) => [file.path, needs(file, true)]));
  return circles(graph)
    .filter((circle) => new Set(circle.map((path) => posix.dirname(path))).size > 1)
    .map((circle) => `${circle[0]}:1: is in a circle of types with ${circle.slice(1).join(', ')}`);
}

/** The largest sets of files that can all be reached from each other, by their names (Tarjan). */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  const visit = (path: string): void => {
    order.set(path, order.size);
    lowest.set(path, order.get(path)!);
    open.push(path);
    for (const next of graph.get(path) ?? []) {
      if (!graph.has(next)) continue;
      if (!order.has(next)) visit(next);
      if (open.includes(next)) lowest.set(path, Math.min(lowest.get(path)!, lowest.get(next)!));
    }
    if (lowest.get(path) === order.get(path)) found.push(open.splice(open.indexOf(path)).sort());
  };
  for (const path of graph.keys()) if (!order.has(path)) visit(path);
  return found.filter(({ length }) => length > 1);
}
