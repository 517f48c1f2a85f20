import type { Finding, SourceFile } from './tidy-files.ts';
import { importsOf } from './tidy-layers.ts';

/** What package.json names; everything in lib/ is there for the sake of one of these. */
export const ENTRY_POINTS = [
  'lib/index.ts',
  'lib/http.ts',
  'lib/testing.ts',
  'lib/node.ts',
  'lib/cli/main.ts',
  // Started as a thread, by its URL.
  'lib/monitor/server/server-thread.ts',
  'lib/threads/executor/executor-worker.ts',
  'lib/threads/executor/process-worker.ts',
];

function reachable(files: readonly SourceFile[], roots: readonly string[]): Set<string> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const seen = new Set<string>();
  const waiting = [...roots];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const file = byPath.get(path);
    if (!file || seen.has(path)) continue;
    seen.add(path);
    waiting.push(...importsOf(file).map(({ target }) => target));
  }
  return seen;
}

/** Files of lib/ that no entry point reaches. */
export function checkDeadLib(files: readonly SourceFile[]): Finding[] {
  const alive = reachable(files, ENTRY_POINTS);
  return files
    .filter(({ path }) => path.startsWith('lib/') && !alive.has(path))
    .map(({ path }) => `${path}:1: no entry point imports it; delete it`);
}

/** Sources that CMakeLists.txt does not name, and headers that nothing includes. */
export function checkDeadNative(files: readonly SourceFile[]): Finding[] {
  const cmake = files.find(({ path }) => path === 'CMakeLists.txt')?.text ?? '';
  const named = new Set(cmake.replace(/#.*/g, '').match(/(?<![\w/])native\/[\w/]+\.cc\b/g) ?? []);
  const native = files.filter(({ path }) => /^native\/.*\.(cc|h)$/.test(path));
  const sources = native.filter(({ path }) => path.endsWith('.cc'));
  const alive = reachable(
    native,
    sources.map(({ path }) => path),
  );
  return [
    ...sources
      .filter(({ path }) => !named.has(path))
      .map(({ path }) => `${path}:1: CMakeLists.txt does not build it; list or delete it`),
    ...native
      .filter(({ path }) => !alive.has(path))
      .map(({ path }) => `${path}:1: no source includes it; delete it`),
    ...[...named]
      .filter((path) => !sources.some((file) => file.path === path))
      .map((path) => `CMakeLists.txt:1: ${path} does not exist`),
  ];
}
