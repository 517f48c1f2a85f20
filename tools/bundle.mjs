// Makes dist/, which users install, from build/lib, which tsc makes from lib/.
//
//   node tools/bundle.mjs
//
// Node needs more than half a millisecond for each file that a program imports, and lib/ has
// hundreds of small ones. So modules that belong together become one file: what `oxbow` needs, what
// `oxbow/http` needs in addition, and so on. Nothing is minified, and only comments are removed.
//
// Tests import single modules as `#lib/...`, and must get the same classes as the package. So
// build/internals has a file for each of these modules, which re-exports it from dist/.

import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { rollup } from 'rollup';

import { ownNames } from './own-names.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const COMPILED = join(ROOT, 'build/lib');
const INTERNALS = 'build/internals';

/** The entry points in package.json. */
const LIBRARY = ['index', 'http', 'testing', 'node'];
const COMMAND = 'cli/main';
/** The subcommands that inspect other processes. */
const LOOKS = ['cli/ps', 'cli/pstree', 'cli/top'];
/**
 * Files of dist/, each with its root modules and everything these import that is in no earlier
 * file.
 */
const CHUNKS = [
  // net/pair is used by oxbow/testing and oxbow/node, and would become a file of its own.
  ['chunks/oxbow', ['index', 'net/pair']],
  ['cli/look', LOOKS],
];
/**
 * Modules started as threads or processes by their URLs: they share no file with others, so each
 * bundle is complete.
 */
const THREADS = [
  'monitor/server/server-thread',
  'threads/executor/executor-worker',
  'threads/executor/process-worker',
];

/** An import of one of Node's modules, as Rollup writes it. */
const IMPORT = /^import (?:\{ (.*) \} from )?'(node:.*)';$/gm;

/** A character that makes V8 store the whole source with two bytes per character. */
const NOT_ASCII = /[^\x00-\x7f]/g;

/** The modules that tests import as `#lib/...`. */
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
/** The same for modules that have only constants, of which a second copy does no harm. */
const CONSTANTS = ['native/layout'];

const isOurs = (id) => id.startsWith(`${COMPILED}/`);
const nameOf = (id) => relative(COMPILED, id).replace(/\.js$/, '');
const idOf = (name) => join(COMPILED, `${name}.js`);

const compiled = {
  name: 'compiled',
  /** Removes comments from tsc's output: they can be read in lib/, to which source maps lead. */
  load(id) {
    const comments = [];
    let code = readFileSync(id, 'utf8');
    this.parse(code, { onComment: comments });
    for (const { start, end } of comments.reverse()) {
      if (/^.*\S/.test(code.slice(end))) continue;
      // Line breaks stay, since tsc's source map refers to line numbers.
      code = code.slice(0, start) + code.slice(start, end).replace(/.+/g, '') + code.slice(end);
    }
    return { code, map: JSON.parse(readFileSync(`${id}.map`, 'utf8')) };
  },
  /**
   * `import.meta.url` stays the URL of the module's own file, so that relative paths stay right.
   */
  resolveImportMeta(property, { chunkId, moduleId }) {
    const own = `dist/${nameOf(moduleId)}.js`;
    if (property !== 'url' || own === chunkId) return null;
    const path = relative(dirname(chunkId), own);
    return `new URL(${JSON.stringify(path)}, import.meta.url).href`;
  },
  /**
   * Importing one of Node's modules makes Node read each of its exports, some of which then load
   * other modules: `node:util` and `node:fs` take 6 ms on Node 24. `getBuiltinModule` does not.
   */
  renderChunk(code) {
    const replaced = code.replace(IMPORT, (_line, names, module) =>
      names === undefined
        ? ''
        : `const { ${names.replaceAll(' as ', ': ')} } = process.getBuiltinModule('${module}');`,
    );
    // Such characters occur only in strings, templates and regular expressions, where an escape
    // means the same. Six of them would cost 1.3 MB more memory in every thread that loads the
    // package.
    const escaped = replaced.replace(
      NOT_ASCII,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    // Everything is still on its line, so the source map is still right.
    return { code: escaped, map: null };
  },
};

/** Makes the files through which tests import single modules. */
const internals = {
  name: 'internals',
  buildStart() {
    for (const name of TESTED) {
      this.emitFile({ type: 'chunk', id: idOf(name), fileName: `${INTERNALS}/${name}.js` });
    }
  },
};

/** A function that returns the file of dist/ for a module, or undefined to leave it to Rollup. */
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
  // Rollup adds a number to duplicate names: harmless for functions in a stack, but the names of
  // classes appear in messages.
  const renamed = /^class (\w+)\$\d+/m.exec(code);
  if (renamed) throw new Error(`${fileName}: two classes are called ${renamed[1]}; rename one`);
  // A module of TESTED that is in no chunk would become a separate file in build/.
  const outside = [...imports, ...dynamicImports].find((file) => file.startsWith(INTERNALS));
  if (outside) throw new Error(`${fileName} needs ${outside}, which is no part of CHUNKS`);
}

async function make(names, plugins, manualChunks) {
  const bundle = await rollup({
    input: Object.fromEntries(names.map((name) => [name, idOf(name)])),
    external: /^(node:|piscina$|workerpool$)/,
    plugins: [compiled, ...plugins, ownNames],
    preserveEntrySignatures: 'strict',
    // Keep everything, including what modules do when they are loaded.
    treeshake: false,
    onwarn(warning) {
      // tsc's helper for import() refers to the `this` of a script.
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
    // Files not named in CHUNKS are shared by subcommands.
    chunkFileNames: ({ name }) => (name.includes('/') ? 'dist/[name].js' : 'dist/cli/[name].js'),
    manualChunks,
    banner: ({ name }) => (name === COMMAND ? '#!/usr/bin/env node' : ''),
  });
  await bundle.close();
  output.filter(({ type }) => type === 'chunk').forEach(check);
  return output.map(({ fileName }) => fileName);
}

/** Makes the file through which tests import a module that already has a file. */
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
