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
  { room: 'io', sees: ['native', 'core'] },
  { room: 'tls', sees: ['native', 'core', 'io'] },
  { room: 'net', sees: ['native', 'core', 'tasks', 'io', 'tls'] },
  { room: 'process', sees: ['native', 'core', 'tasks', 'sync', 'io', 'net'] },
  { room: 'http/message', sees: ['native', 'core', 'tasks', 'io'] },
  // Paths and what they lead to, whatever that is.
  { room: 'http/router', sees: ['core'] },
  { room: 'http/websocket', sees: ['native', 'core', 'tasks', 'sync', 'io', 'http/message'] },
  // Threads and processes that share the places where a server listens.
  { room: 'http/workers', sees: ['core', 'tasks', 'io', 'net'] },
  {
    room: 'http/server',
    sees: [
      'native',
      'core',
      'tasks',
      'io',
      'tls',
      'net',
      'http/message',
      'http/router',
      'http/websocket',
      'http/workers',
    ],
  },
  {
    room: 'http/client',
    sees: [
      'native',
      'core',
      'tasks',
      'io',
      'tls',
      'net',
      'http/message',
      'files',
      'http/websocket',
    ],
  },
  // Applications of node:http on the server.
  {
    room: 'http/node',
    // Node's streams are loaded when a connection is handed over.
    sees: ['', 'native', 'core', 'tasks', 'net', 'node', 'http/server'],
  },
  // What is ready to stand around handlers.
  {
    room: 'http/middleware',
    sees: ['core', 'tasks', 'http/message', 'http/server'],
  },
  { room: 'threads', sees: ['native', 'core', 'tasks', 'sync'] },
  { room: 'files', sees: ['core', 'tasks', 'threads'] },
  { room: 'monitor', sees: ['native', 'core', 'threads'] },
  {
    room: 'testing',
    // The client of tests is a user of the server like any other.
    sees: ['', 'core', 'tasks'],
  },
  { room: 'node', sees: ['core', 'net'] },
  // The contents pages at the top of lib/.
  {
    room: '',
    sees: [
      'core',
      'tasks',
      'sync',
      'tls',
      'net',
      'process',
      'http/message',
      'http/router',
      'http/websocket',
      'http/workers',
      'http/server',
      'http/middleware',
      'http/node',
      'http/client',
      'threads',
      'files',
      'monitor',
      'testing',
      'node',
    ],
  },
  // The command line: a user of the package like any other, so nothing sees it.
  { room: 'cli', sees: ['', 'core', 'monitor'] },
];

export const NATIVE_LAYERS: readonly Layer[] = [
  { room: 'base', sees: [] },
  { room: 'ring', sees: [] },
  { room: 'os', sees: ['base', 'ring'] },
  { room: 'driver', sees: ['base', 'ring', 'os'] },
  { room: 'simulation', sees: ['base', 'ring', 'driver'] },
  // What other people's addons include: plain C.
  { room: 'include', sees: [] },
  { room: 'inbox', sees: ['ring', 'include'] },
  { room: 'loop', sees: ['base', 'ring', 'driver'] },
  { room: 'net', sees: ['base', 'ring', 'os', 'driver'] },
  { room: 'process', sees: ['os', 'driver', 'net'] },
  // The parser knows no sockets; only its reader (http_reader) knows connections.
  { room: 'http', sees: ['base', 'net'] },
  // The same of the frames of a WebSocket and their reader.
  { room: 'websocket', sees: ['ring', 'net'] },
  {
    room: 'engine',
    sees: ['base', 'ring', 'os', 'driver', 'simulation', 'loop', 'inbox', 'net', 'process'],
  },
  // TLS, in a library of its own: a layer (net/layer.h) over the OpenSSL inside Node.
  { room: 'tls', sees: ['net'] },
  {
    room: 'addon',
    sees: ['base', 'ring', 'os', 'inbox', 'net', 'http', 'websocket', 'tls', 'engine'],
  },
];

/** System headers that belong to one place, because they tie what includes them to Node. */
export const HEADERS: readonly { header: RegExp; only: RegExp }[] = [
  { header: /^(napi\.h|node_api\.h|js_native_api\.h|node\.h|v8.*\.h)$/, only: /^native\/addon\// },
  {
    header: /^openssl\//,
    only: /^(native\/tls\/|native\/addon\/tls_addon\.cc|test\/native\/tls_|bench\/native\/(raw_)?tls_)/,
  },
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

/** A folder in a room that has a row of its own is a room of its own. */
function roomOf(path: string, layers: readonly Layer[]): string {
  const [, outer, inner, ...rest] = path.split('/');
  if (outer === undefined || inner === undefined) return '';
  const whole = `${outer}/${inner}`;
  return rest.length > 0 && layers.some(({ room }) => room === whole) ? whole : outer;
}

/** Imports that point up or sideways in the picture, and rooms that the picture does not have. */
export function checkLayers(
  files: readonly SourceFile[],
  top: string,
  layers: readonly Layer[],
): Finding[] {
  const inTree = ({ path }: SourceFile): boolean =>
    path.startsWith(`${top}/`) && /\.(ts|cc|h)$/.test(path);
  return files.filter(inTree).flatMap((file) => {
    const room = roomOf(file.path, layers);
    const layer = layers.find((row) => row.room === room);
    if (!layer) return [`${file.path}:1: the room "${room}" has no row in the layers`];
    return importsOf(file).flatMap(({ target, line }) => {
      const other = roomOf(target, layers);
      const inside = target.startsWith(`${top}/`);
      if (inside && (other === room || layer.sees.includes(other))) return [];
      return [`${file.path}:${line}: ${room || top} must not see ${target}`];
    });
  });
}

/** Permissions that nothing uses: an arrow in the picture that is not in the code. */
export function unusedArrows(
  files: readonly SourceFile[],
  top: string,
  layers: readonly Layer[],
): Finding[] {
  const uses = new Map<string, Set<string>>();
  for (const file of files) {
    if (!file.path.startsWith(`${top}/`) || !/\.(ts|cc|h)$/.test(file.path)) continue;
    const room = roomOf(file.path, layers);
    const used = uses.get(room) ?? new Set();
    uses.set(room, used);
    for (const { target } of importsOf(file)) {
      if (target.startsWith(`${top}/`)) used.add(roomOf(target, layers));
    }
  }
  return [
    ...layers.flatMap(({ room, sees }) =>
      sees
        .filter((other) => uses.has(room) && !uses.get(room)!.has(other))
        .map(
          (other) =>
            `${top}/${room} sees ${other || 'the contents pages'}, which no file of it ` +
            'needs; take it out',
        ),
    ),
    ...layers
      .filter(({ room }) => !uses.has(room))
      .map(({ room }) => `${top}/${room} has a row in the layers, and no file`),
  ];
}

/** What is different, or not there, on another system; native/os makes one thing of it. */
const PLATFORM = new RegExp(
  '\\b(?:__linux__|__APPLE__|__FreeBSD__|accept4|eventfd|pipe2' +
    '|SOCK_CLOEXEC|SOCK_NONBLOCK|MSG_NOSIGNAL|SO_NOSIGPIPE|E(?:FD|POLL|VFILT)_?\\w+' +
    '|epoll_\\w+|kevent64\\w*)\\b',
  'g',
);

/** Besides native/os: the drivers that are for one platform as a whole. */
const SYSTEM = /^native\/(?:os\/|driver\/(?:epoll|kqueue)\.)/;

/** Words of one platform outside of native/os, and of the drivers that are for one platform. */
export function checkPlatform(files: readonly SourceFile[]): Finding[] {
  return files
    .filter(({ path }) => /^native\/.*\.(cc|h)$/.test(path) && !SYSTEM.test(path))
    .flatMap((file) =>
      [...withoutComments(file.text).matchAll(PLATFORM)].map(
        (match) =>
          `${file.path}:${lineAt(file.text, match.index)}: ${match[0]} is of one platform; ` +
          'it belongs to native/os',
      ),
    );
}

function withoutComments(text: string): string {
  return text.replace(/\/\/.*$/gm, (comment) => ' '.repeat(comment.length));
}

/** Inclusions of Node's and libuv's headers outside of the files that may see them. */
export function checkHeaders(files: readonly SourceFile[]): Finding[] {
  return files
    .filter((file) => /\.(cc|h)$/.test(file.path))
    .flatMap((file) =>
      [...file.text.matchAll(INCLUDE)].flatMap((match) => {
        const name = match[1] ?? match[2]!;
        const rule = HEADERS.find(({ header, only }) => header.test(name) && !only.test(file.path));
        if (!rule) return [];
        const line = lineAt(file.text, match.index);
        return [`${file.path}:${line}: <${name}> belongs to ${rule.only.source}`];
      }),
    );
}
