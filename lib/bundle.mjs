// Makes dist/, which is what users install, out of build/lib, which is what tsc makes of lib/.
//
//   node lib/bundle.mjs
//
// Node needs more than half a millisecond for each file that a program imports, and lib/ has some
// two hundred small ones. So what belongs together becomes one file: what `oxbow` needs, what
// `oxbow/http` has besides, and so on. Nothing is shortened or left out but comments.
//
// Tests import single modules as `#lib/...`. They must get the very classes of the package, so
// build/internals has a file for each module of lib/ that hands on what dist/ has of it.

import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { rollup } from 'rollup';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const COMPILED = join(ROOT, 'build/lib');
const INTERNALS = 'build/internals';

/** What package.json names. What the first ones reach is shared by all. */
const LIBRARY = ['index', 'http', 'testing'];
const COMMAND = 'cli/main';
/** Started as threads, by their URLs: they share nothing, so each is complete in itself. */
const THREADS = ['monitor/server-thread', 'threads/executor-worker'];

/** An import of Node's, as Rollup writes it. */
const IMPORT = /^import (?:\{ (.*) \} from )?'(node:.*)';$/gm;

const isOurs = (id) => id.startsWith(`${COMPILED}/`);
const nameOf = (id) => relative(COMPILED, id).replace(/\.js$/, '');
const roomOf = (id) => nameOf(id).split('/', 1)[0];
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
    const replaced = code.replace(IMPORT, (_line, names, module) => (
      names === undefined ? ''
        : `const { ${names.replaceAll(' as ', ': ')} } = process.getBuiltinModule('${module}');`));
    // Nothing has left its line.
    return { code: replaced, map: null };
  },
};

/** Lets tests have each module of the library. */
const internals = {
  name: 'internals',
  moduleParsed({ id }) {
    if (!isOurs(id) || roomOf(id) === 'cli') return;
    this.emitFile({ type: 'chunk', id, fileName: `${INTERNALS}/${nameOf(id)}.js` });
  },
};

/** The file of dist/ that a module of the library becomes a part of. */
function chunks() {
  const names = new Map();
  const add = (id, name, getModuleInfo) => {
    if (!isOurs(id) || names.has(id)) return;
    names.set(id, name === 'index' ? 'oxbow' : name);
    for (const each of getModuleInfo(id).importedIds) add(each, name, getModuleInfo);
  };
  return (id, { getModuleInfo }) => {
    if (names.size === 0) for (const name of LIBRARY) add(idOf(name), name, getModuleInfo);
    return names.get(id);
  };
}

/** Functions may be told apart by a number in a stack, but a class's name is in messages. */
function checkNames({ fileName, code }) {
  const renamed = /^class (\w+)\$\d+/m.exec(code);
  if (renamed) throw new Error(`${fileName}: two classes are called ${renamed[1]}; rename one`);
}

async function make(names, plugins, manualChunks) {
  const bundle = await rollup({
    input: Object.fromEntries(names.map((name) => [name, idOf(name)])),
    external: /^(node:|piscina$)/,
    plugins: [compiled, ...plugins],
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
    chunkFileNames: ({ name }) => (
      name === 'oxbow' || LIBRARY.includes(name) ? 'dist/chunks/[name].js' : 'dist/cli/[name].js'
    ),
    manualChunks,
    banner: ({ name }) => (name === COMMAND ? '#!/usr/bin/env node' : ''),
  });
  await bundle.close();
  output.filter(({ type }) => type === 'chunk').forEach(checkNames);
  return output.map(({ fileName }) => fileName);
}

/** What is not of the library is given to tests as it is; what it imports, is. */
function copyOthers(made) {
  const others = [];
  for (const path of readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts')) continue;
    const file = path.replace(/\.ts$/, '.js');
    const to = `${INTERNALS}/${file}`;
    if (made.has(to)) continue;
    mkdirSync(join(ROOT, dirname(to)), { recursive: true });
    for (const part of ['', '.map']) {
      copyFileSync(join(COMPILED, file + part), join(ROOT, to + part));
      others.push(to + part);
    }
  }
  return others;
}

function removeOld(folder, made) {
  for (const path of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
    const file = `${folder}/${path}`;
    if (/\.(js|map)$/.test(path) && !made.has(file)) rmSync(join(ROOT, file));
  }
}

const made = new Set(await make([...LIBRARY, COMMAND], [internals], chunks()));
for (const name of THREADS) for (const file of await make([name], [])) made.add(file);
for (const file of copyOthers(made)) made.add(file);
removeOld('dist', made);
removeOld(INTERNALS, made);
