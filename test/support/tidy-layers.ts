import { posix } from 'node:path';

import { lineAt } from './tidy-files.ts';
import type { Finding, SourceFile } from './tidy-files.ts';

/**
 * Which room may see which: the picture of docs/architecture as data. A row sees itself and what
 * it lists, nothing else; the lists are written out so that a review sees an arrow being added.
 */
export interface Layer {
  readonly room: string;
  readonly sees: readonly string[];
}

export const LIB_LAYERS: readonly Layer[] = [
  { room: 'native', sees: [] },
  { room: 'core', sees: ['native'] },
  { room: 'tasks', sees: ['native', 'core'] },
  { room: 'sync', sees: ['core', 'tasks'] },
  { room: 'io', sees: ['native', 'core', 'tasks', 'sync'] },
  { room: 'net', sees: ['native', 'core', 'tasks', 'sync', 'io'] },
  { room: 'http', sees: ['native', 'core', 'tasks', 'sync', 'io', 'net'] },
  { room: 'threads', sees: ['native', 'core', 'tasks', 'sync'] },
  { room: 'monitor', sees: ['native', 'core', 'tasks', 'sync', 'threads'] },
  { room: 'testing', sees: ['native', 'core', 'tasks', 'sync', 'io', 'net'] },
  // The contents pages at the top of lib/.
  {
    room: '',
    sees: [
      'native', 'core', 'tasks', 'sync', 'io', 'net', 'http', 'threads', 'monitor', 'testing',
    ],
  },
  // The command line: a user of the package like any other, so nothing sees it.
  { room: 'cli', sees: ['', 'native', 'core', 'tasks', 'sync', 'threads', 'monitor'] },
];

export const NATIVE_LAYERS: readonly Layer[] = [
  { room: 'base', sees: [] },
  { room: 'ring', sees: ['base'] },
  { room: 'os', sees: ['base', 'ring'] },
  { room: 'driver', sees: ['base', 'ring', 'os'] },
  { room: 'simulation', sees: ['base', 'ring', 'os', 'driver'] },
  // What other people's addons include: plain C.
  { room: 'include', sees: [] },
  { room: 'threads', sees: ['base', 'ring', 'include'] },
  { room: 'loop', sees: ['base', 'ring', 'driver'] },
  { room: 'http', sees: ['base', 'ring'] },
  // A connection feeds its bytes to the parser; the parser knows no sockets.
  { room: 'net', sees: ['base', 'ring', 'os', 'driver', 'http'] },
  {
    room: 'engine',
    sees: ['base', 'ring', 'os', 'driver', 'simulation', 'loop', 'threads', 'net', 'http'],
  },
  {
    room: 'addon',
    sees: ['base', 'ring', 'driver', 'loop', 'include', 'threads', 'net', 'http', 'engine'],
  },
];

/** System headers that belong to one place, because they tie what includes them to Node. */
export const HEADERS: readonly { header: RegExp; only: RegExp }[] = [
  { header: /^(napi\.h|node_api\.h|js_native_api\.h|node\.h|v8.*\.h)$/, only: /^native\/addon\// },
  { header: /^uv(\/.*)?\.h$/, only: /^native\/addon\/host_loop\.cc$/ },
];

const TS_IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']*)'/g;
const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)/gm;

/** Files that a file imports or includes, as paths from the root. */
export function importsOf(file: SourceFile): { target: string; line: number }[] {
  const isNative = /\.(cc|h)$/.test(file.path);
  return [...file.text.matchAll(isNative ? INCLUDE : TS_IMPORT)].flatMap((match) => {
    if (match[1] === undefined) return [];
    const base = isNative && match[1].includes('/') ? 'native' : posix.dirname(file.path);
    const target = posix.join(base, match[1]);
    return [{ target, line: lineAt(file.text, match.index) }];
  });
}

function roomOf(path: string): string {
  const parts = path.split('/');
  return parts.length > 2 ? parts[1]! : '';
}

/** Imports that point up or sideways in the picture, and rooms that the picture does not have. */
export function checkLayers(
  files: readonly SourceFile[], top: string, layers: readonly Layer[],
): Finding[] {
  const inTree = ({ path }: SourceFile): boolean => (
    path.startsWith(`${top}/`) && /\.(ts|cc|h)$/.test(path)
  );
  return files.filter(inTree).flatMap((file) => {
    const room = roomOf(file.path);
    const layer = layers.find((row) => row.room === room);
    if (!layer) return [`${file.path}:1: the room "${room}" has no row in the layers`];
    return importsOf(file).flatMap(({ target, line }) => {
      const other = roomOf(target);
      const inside = target.startsWith(`${top}/`);
      if (inside && (other === room || layer.sees.includes(other))) return [];
      return [`${file.path}:${line}: ${room || top} must not see ${target}`];
    });
  });
}

/** Inclusions of Node's and libuv's headers outside of the files that may see them. */
export function checkHeaders(files: readonly SourceFile[]): Finding[] {
  return files.filter((file) => /\.(cc|h)$/.test(file.path)).flatMap((file) => (
    [...file.text.matchAll(INCLUDE)].flatMap((match) => {
      const name = match[1] ?? match[2]!;
      const rule = HEADERS.find(({ header, only }) => header.test(name) && !only.test(file.path));
      if (!rule) return [];
      const line = lineAt(file.text, match.index);
      return [`${file.path}:${line}: <${name}> belongs to ${rule.only.source}`];
    })
  ));
}
