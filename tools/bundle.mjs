// Makes dist/, which is what users install, out of build/lib, which is what tsc makes of lib/.
//
//   node tools/bundle.mjs
//
// Node needs more than half a millisecond for each file that a program imports, and lib/ has some
// two hundred small ones. So what belongs together becomes one file: what `oxbow` needs, what
// `oxbow/http` has besides, and so on. Nothing is shortened or left out but comments.
//
// Tests import single modules as `#lib/...`. They must get the very classes of the package, so
// build/internals has a file for each of these modules that hands on what dist/ has of it.

import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { rollup } from 'rollup';

import { ownNames } from './own-names.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const COMPILED = join(ROOT, 'build/lib');
const INTERNALS = 'build/internals';

/** What package.json names. */
const LIBRARY = ['index', 'http', 'testing', 'node'];
const COMMAND = 'cli/main';
/** The words of the command that look at other processes. */
const LOOKS = ['cli/ps', 'cli/pstree', 'cli/top'];
/** What becomes one file each, with all that it needs and that is in none before it. */
const CHUNKS = [
  // What oxbow/testing and oxbow/node both need is no third file.
  ['chunks/oxbow', ['index', 'net/pair']],
  ['cli/look', LOOKS],
];
/**
 * Started as threads or processes, by their URLs: they share nothing, so each is complete in
 * itself.
 */
const THREADS = [
  'monitor/server/server-thread',
  'threads/executor/executor-worker',
  'threads/executor/process-worker',
];

/** An import of Node's, as Rollup writes it. */
const IMPORT = /^import (?:\{ (.*) \} from )?'(node:.*)';$/gm;

/** What V8 keeps a source for in two bytes a character, all of it. */
const NOT_ASCII = /[^\x00-\x7f]/g;

/** What tests import as `#lib/...`. */
const TESTED = [
  'cli/table',
  'cli/text',
  'cli/top-lines',
  'core/debug/suspicious',
  'core/errors/errno',
  'core/support/nearest',
  'core/observe/histogram',
  'core/observe/observe',
  'core/future/waiters',
  'monitor/server/place',
  'monitor/server/protocol',
  'monitor/server/shared',
  'monitor/report/slowest',
  'monitor/report/snapshot',
  'monitor/trace/trace-events',
  'monitor/trace/trace-observer',
  'monitor/trace/trace',
  'monitor/report/loop-observer',
  'native/load',
  'native/locate',
  'tls/context',
  'tls/server-tls',
  'tls/use-node-tls',
];
/** The same, of nothing but constants: there what tsc has made is as good. */
const CONSTANTS = ['native/layout'];

const isOurs = (id) => id.startsWith(`${COMPILED}/`);
const nameOf = (id) => relative(COMPILED, id).replace(/\.js$/, '');
const idOf = (name) => join(COMPILED, `${name}.js`);

const compiled = {
  name: 'compiled',
  /** Takes what tsc has written, without comments: those are in lib/, where source maps lead. */
  load(id) {
    const comments = [];
    let code = readFileSync(id, 'utf8');
    this.parse(code, { onComment: comments });
    for (const { start, end } of comments.reverse()) {
      if (/^.*\S/.test(code.slice(end))) continue;
      // The lines keep their numbers, which the map of tsc counts on.
      code = code.slice(0, start) + code.slice(start, end).replace(/.+/g, '') + code.slice(end);
    }
    return { code, map: JSON.parse(readFileSync(`${id}.map`, 'utf8')) };
  },
  /** A module goes on as if it were in a file of its own: paths in sources stay right. */
  resolveImportMeta(property, { chunkId, moduleId }) {
    const own = `dist/${nameOf(moduleId)}.js`;
    if (property !== 'url' || own === chunkId) return null;
    const path = relative(dirname(chunkId), own);
    return `new URL(${JSON.stringify(path)}, import.meta.url).href`;
  },
  /**
   * To import one of Node's modules makes Node look at each of its exports, and many load others
   * when they are looked at: `node:util` and `node:fs` take 6 ms on Node 24. To ask for the module
   * does not.
   */
  renderChunk(code) {
    const replaced = code.replace(IMPORT, (_line, names, module) =>
      names === undefined
        ? ''
        : `const { ${names.replaceAll(' as ', ': ')} } = process.getBuiltinModule('${module}');`,
    );
    // They stand in strings, templates and regular expressions, where an escape is the same. Of six
    // of them, every thread that loads the package would hold 1.3 MB more.
    const escaped = replaced.replace(
      NOT_ASCII,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    // Nothing has left its line.
    return { code: escaped, map: null };
  },
};

/** Lets tests have single modules. */
const internals = {
  name: 'internals',
  buildStart() {
    for (const name of TESTED) {
      this.emitFile({ type: 'chunk', id: idOf(name), fileName: `${INTERNALS}/${name}.js` });
    }
  },
};

/** The file of dist/ that a module becomes a part of, where it is not left to Rollup. */
function chunks() {
  const names = new Map();
  const add = (id, name, getModuleInfo) => {
    if (!isOurs(id) || names.has(id)) return;
    names.set(id, name);
    for (const each of getModuleInfo(id).importedIds) add(each, name, getModuleInfo);
  };
  return (id, { getModuleInfo }) => {
    if (names.size === 0) {
      for (const [chunk, roots] of CHUNKS) {
        for (const root of roots) add(idOf(root), chunk, getModuleInfo);
      }
    }
    return names.get(id);
  };
}

function check({ fileName, code, imports, dynamicImports }) {
  // Functions may be told apart by a number in a stack, but a class's name is in messages.
  const renamed = /^class (\w+)\$\d+/m.exec(code);
  if (renamed) throw new Error(`${fileName}: two classes are called ${renamed[1]}; rename one`);
  // A module of TESTED that is in no chunk would become a file of its own out there.
  const outside = [...imports, ...dynamicImports].find((file) => file.startsWith(INTERNALS));
  if (outside) throw new Error(`${fileName} needs ${outside}, which is no part of CHUNKS`);
}

async function make(names, plugins, manualChunks) {
  const bundle = await rollup({
    input: Object.fromEntries(names.map((name) => [name, idOf(name)])),
    external: /^(node:|piscina$|workerpool$)/,
    plugins: [compiled, ...plugins, ownNames],
    preserveEntrySignatures: 'strict',
    // Nothing is left out: what a module does when it is loaded, it does.
    treeshake: false,
    onwarn(warning) {
      // tsc's own helper for import() asks for the `this` of a script.
      if (warning.code !== 'CIRCULAR_DEPENDENCY' && warning.code !== 'THIS_IS_UNDEFINED') {
        throw new Error(warning.message);
      }
    },
  });
  const { output } = await bundle.write({
    dir: ROOT,
    format: 'es',
    sourcemap: true,
    sourcemapExcludeSources: true,
    hoistTransitiveImports: false,
    entryFileNames: 'dist/[name].js',
    // What has no name in CHUNKS is shared by words of the command.
    chunkFileNames: ({ name }) => (name.includes('/') ? 'dist/[name].js' : 'dist/cli/[name].js'),
    manualChunks,
    banner: ({ name }) => (name === COMMAND ? '#!/usr/bin/env node' : ''),
  });
  await bundle.close();
  output.filter(({ type }) => type === 'chunk').forEach(check);
  return output.map(({ fileName }) => fileName);
}

/** The same for tests, of a module that has a file already. */
function handOn(name, folder) {
  const file = `${INTERNALS}/${name}.js`;
  const path = relative(dirname(file), `${folder}/${name}.js`);
  mkdirSync(join(ROOT, dirname(file)), { recursive: true });
  writeFileSync(join(ROOT, file), `export * from '${path}';\n`);
  return file;
}

function removeOld(folder, made) {
  for (const path of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
    const file = `${folder}/${path}`;
    if (/\.(js|map)$/.test(path) && !made.has(file)) rmSync(join(ROOT, file));
  }
}

const made = new Set(await make([...LIBRARY, COMMAND, ...LOOKS], [internals], chunks()));
for (const name of THREADS) for (const file of await make([name], [])) made.add(file);
for (const name of CONSTANTS) made.add(handOn(name, 'build/lib'));
for (const name of LOOKS) made.add(handOn(name, 'dist'));
removeOld('dist', made);
removeOld(INTERNALS, made);
