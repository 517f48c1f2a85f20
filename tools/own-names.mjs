// Makes every file of dist/ use constants, functions and classes by names of its own, and export
// and import only copies of them.
//
// V8 treats a `const` as a constant. An exported or imported name is loaded from a cell each time,
// and checked for being initialized, so everything that two files share would be slower in both. (A
// task switch took 10 % longer once `oxbow/http` used two more constants of the core.) Variables
// that are assigned later are shared as they are.

import { posix } from 'node:path';

/** A plugin for Rollup. */
export const ownNames = {
  name: 'own-names',
  generateBundle(_options, bundle) {
    const files = Object.values(bundle).filter(({ fileName }) => /^dist\/.*\.js$/.test(fileName));
    const trees = new Map(files.map(({ fileName, code }) => [fileName, this.parse(code)]));
    const constants = new Map([...trees].map(([name, tree]) => [name, exportedConstants(tree)]));
    for (const file of files) {
      const isConstant = (source, name) =>
        constants.get(posix.join(posix.dirname(file.fileName), source))?.has(name) ?? false;
      file.code = rewrite(file.code, trees.get(file.fileName), isConstant);
    }
  },
};

/** The top-level names of a file that are never reassigned. */
function ownConstants({ body }) {
  const names = new Set();
  for (const node of body) {
    if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') {
      names.add(node.id.name);
    } else if (node.type === 'VariableDeclaration' && node.kind === 'const') {
      for (const { id } of node.declarations) if (id.type === 'Identifier') names.add(id.name);
    }
  }
  return names;
}

function exportedConstants(tree) {
  const own = ownConstants(tree);
  return new Set(
    tree.body
      .filter(isExport)
      .flatMap(({ specifiers }) => specifiers)
      .filter(({ local }) => own.has(local.name))
      .map(({ exported }) => exported.name),
  );
}

/**
 * Whether it is an `export { … }` of the file's own names, the only form that Rollup writes for
 * them.
 */
function isExport({ type, source }) {
  return type === 'ExportNamedDeclaration' && source === null;
}

/**
 * Replaces imports and exports. Each statement stays on its line, so that source maps stay right.
 */
function rewrite(code, tree, isConstant) {
  const own = ownConstants(tree);
  let text = code;
  // From the end, so that the positions of earlier statements stay right.
  for (const node of tree.body.toReversed()) {
    let statements = null;
    if (node.type === 'ImportDeclaration') statements = copiesIn(node, isConstant);
    else if (isExport(node)) statements = copiesOut(node, own);
    if (statements !== null) text = text.slice(0, node.start) + statements + text.slice(node.end);
  }
  return text;
}

function copiesIn({ specifiers, source }, isConstant) {
  const copies = [];
  const names = specifiers.map(({ imported, local }) => {
    if (!isConstant(source.value, imported?.name)) return `${imported?.name} as ${local.name}`;
    copies.push(`${local.name} = ${local.name}$in`);
    return `${imported.name} as ${local.name}$in`;
  });
  if (copies.length === 0) return null;
  return `import { ${names.join(', ')} } from '${source.value}'; const ${copies.join(', ')};`;
}

function copiesOut({ specifiers }, own) {
  const copies = [];
  const names = specifiers.map(({ local, exported }) => {
    if (!own.has(local.name)) return `${local.name} as ${exported.name}`;
    copies.push(`${local.name}$out = ${local.name}`);
    return `${local.name}$out as ${exported.name}`;
  });
  if (copies.length === 0) return null;
  return `const ${copies.join(', ')}; export { ${names.join(', ')} };`;
}
