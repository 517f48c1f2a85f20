/**
 * Writes types/, the declarations for users, from those that tsc has made of everything
 * (build/types): only what is reachable from an entry point, and without members whose names begin
 * with `_` or that are marked `@internal`. TypeScript 7 has no JavaScript API, so this parses text.
 * It knows the forms that tsc writes; its mistakes would not compile (tsconfig.users.json).
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const ENTRIES = ['index.d.ts', 'http.d.ts', 'testing.d.ts', 'node.d.ts'];

const OPENING = '([{<';
const CLOSING = ')]}>';

/** The end of the comment, string or arrow that begins at `at`; `at` itself if there is none. */
function skipped(text, at) {
  const two = text.slice(at, at + 2);
  if (two === '//') return ends(text, '\n', at);
  if (two === '/*') return ends(text, '*/', at + 2);
  if (two === '=>') return at + 2;
  const letter = text[at];
  if (letter === "'" || letter === '"' || letter === '`') return ends(text, letter, at + 1);
  return at;
}

function ends(text, mark, from) {
  const found = text.indexOf(mark, from);
  return found === -1 ? text.length : found + mark.length;
}

/** The position after the bracket that closes the one at `at`. */
function behindBracket(text, at) {
  let depth = 0;
  for (let here = at; here < text.length; here++) {
    const after = skipped(text, here);
    if (after > here) here = after - 1;
    else if (OPENING.includes(text[here])) depth++;
    else if (CLOSING.includes(text[here]) && --depth === 0) return here + 1;
  }
  throw new Error(`nothing closes ${text.slice(at, at + 60)}`);
}

const BLOCK =
  /^(?:export\s+)?(?:declare\s+)?(?:abstract\s+)?(?:class|interface|module|namespace)\b/;

/**
 * Splits a file into statements, or a body into members, each with the comments before it and its
 * terminator. A block (with `blocks`) ends at its brace.
 */
function pieces(text, blocks) {
  const found = [];
  let from = 0;
  let code = -1;
  for (let at = 0; at < text.length; at++) {
    const after = skipped(text, at);
    if (after > at) {
      if (code === -1 && !/^\/[/*]/.test(text.slice(at, at + 2))) code = at;
      at = after - 1;
      continue;
    }
    if (code === -1 && /\S/.test(text[at])) code = at;
    let end = -1;
    if (text[at] === ';') end = at + 1;
    else if (OPENING.includes(text[at])) {
      const behind = behindBracket(text, at);
      if (blocks && text[at] === '{' && BLOCK.test(text.slice(code, at))) end = behind;
      at = behind - 1;
    }
    if (end === -1) continue;
    found.push({ comments: text.slice(from, code), code: text.slice(code, end) });
    from = end;
    code = -1;
    at = end - 1;
  }
  return { found, rest: text.slice(from) };
}

const MODIFIERS =
  /^(?:(?:static|readonly|abstract|override|get|set|declare|protected|private)\s+)+/;

/**
 * The code of a class or interface, or of a module that contains some, without internal members.
 */
function withoutInternal(code, extended) {
  const open = blockOpens(code);
  if (open === -1) return code;
  const head = code.slice(0, open + 1);
  const body = code.slice(open + 1, -1);
  if (/\b(?:module|namespace)\b/.test(head)) {
    const { found, rest } = pieces(body, true);
    const inner = found.map((each) => each.comments + withoutInternal(each.code, extended));
    return `${head}${inner.join('')}${rest}}`;
  }
  const { found, rest } = pieces(body, false);
  const name = /\b(?:class|interface)\s+(\w+)/.exec(head)[1];
  const kept = found.flatMap(({ comments, code: member }) => {
    const bare = member.replace(MODIFIERS, '');
    const internal = comments.includes('@internal');
    if (internal && bare.startsWith('constructor')) {
      // Without a declared constructor, the class could be constructed without arguments.
      const how = extended.has(name) ? 'protected' : 'private';
      return [`\n${/ *$/.exec(comments)[0]}${how} constructor();`];
    }
    return internal || bare.startsWith('_') ? [] : [comments + member];
  });
  return `${head}${kept.join('')}${rest}}`;
}

/**
 * The position of the brace that opens the body of a class, interface or module; -1 for other code.
 */
function blockOpens(code) {
  if (!BLOCK.test(code)) return -1;
  for (let at = 0; at < code.length; at++) {
    const after = skipped(code, at);
    if (after > at) at = after - 1;
    else if (code[at] === '{') return at;
    else if (OPENING.includes(code[at])) at = behindBracket(code, at) - 1;
  }
  return -1;
}

/** The code without comments and strings, in which to look for names. */
function bare(code) {
  let out = '';
  for (let at = 0; at < code.length; at++) {
    const after = skipped(code, at);
    if (after > at) at = after - 1;
    else out += code[at];
  }
  return out;
}

const FROM = /\bfrom\s+'([^']+)'/;
const DECLARED = new RegExp(
  '^(?:export\\s+)?(?:declare\\s+)?(?:abstract\\s+)?' +
    '(?:class|interface|function|const|let|type|enum)\\s+(\\w+)',
);

/**
 * Classifies a statement: a side-effect import, an import, an export of names, an `export *`, a
 * `declare module`, or a declaration.
 */
function readStatement({ comments, code }) {
  const from = FROM.exec(code)?.[1] ?? null;
  const list = /\{([^}]*)\}/.exec(code)?.[1];
  const pairs = () =>
    list
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '')
      .map((each) => {
        const [name, alias = name] = each.replace(/^type\s+/, '').split(/\s+as\s+/);
        return { name, alias, text: each };
      });
  if (/^import\s*'/.test(code)) {
    return { kind: 'effect', from: /'([^']+)'/.exec(code)[1], comments, code };
  }
  if (code.startsWith('import')) {
    const whole = /^import\s+(?:type\s+)?(?:\*\s+as\s+)?(\w+)\s*(?:,|from)/.exec(code)?.[1] ?? null;
    return {
      kind: 'import',
      from,
      whole,
      pairs: list === undefined ? [] : pairs(),
      comments,
      code,
    };
  }
  if (/^export\s*\*/.test(code)) return { kind: 'all', from, comments, code };
  if (/^export\s+(?:type\s+)?\{/.test(code))
    return { kind: 'names', from, pairs: pairs(), comments, code };
  if (/^declare\s+module\b/.test(code)) return { kind: 'module', comments, code };
  return { kind: 'declared', name: DECLARED.exec(code)?.[1] ?? '', comments, code };
}

/** Reads and parses all declaration files in `folder`. */
function readAll(folder) {
  const texts = new Map();
  for (const name of readdirSync(folder, { recursive: true })) {
    if (name.endsWith('.d.ts')) texts.set(name, readFileSync(join(folder, name), 'utf8'));
  }
  const extended = new Set();
  for (const text of texts.values()) {
    for (const [, base] of text.matchAll(/\bclass\s[^{]*\bextends\s+(\w+)/g)) extended.add(base);
  }
  const files = new Map();
  for (const [name, text] of texts) {
    const { found, rest } = pieces(text, true);
    const statements = found.map((each) =>
      readStatement({ comments: each.comments, code: withoutInternal(each.code, extended) }),
    );
    files.set(name, { statements, rest, needed: new Set(), effects: false });
  }
  return files;
}

/** Marks the statements that are reachable. */
class Reach {
  constructor(files) {
    this.files = files;
  }

  resolve(name, from) {
    return from.startsWith('.')
      ? posix.join(posix.dirname(name), from.replace(/\.ts$/, '.d.ts'))
      : null;
  }

  /** Marks everything that a file exports. */
  all(name) {
    for (const statement of this.files.get(name).statements) {
      if (statement.kind === 'declared' && /^export\b/.test(statement.code)) {
        this.name(name, statement.name);
      } else if (statement.kind === 'names') {
        for (const { alias } of statement.pairs) this.name(name, alias);
      } else if (statement.kind === 'all') {
        this.use(name, statement);
        this.all(this.resolve(name, statement.from));
      }
    }
    this.effects(name);
  }

  /**
   * Marks what takes effect without being named: `declare module` statements, and imports of files
   * that contain some.
   */
  effects(name) {
    const file = this.files.get(name);
    if (file.effects) return;
    file.effects = true;
    for (const statement of file.statements) {
      if (statement.kind === 'module') this.use(name, statement);
      if (statement.kind !== 'effect') continue;
      const target = this.resolve(name, statement.from);
      this.effects(target);
      if (this.isPublic(target)) this.use(name, statement);
    }
  }

  isPublic(name) {
    return this.files.get(name).needed.size > 0;
  }

  /** Marks a name that is used in a file. @returns whether the file declares or imports it */
  name(name, known) {
    const file = this.files.get(name);
    let found = false;
    for (const statement of file.statements) {
      if (statement.kind === 'declared' && statement.name === known) {
        found = true;
        this.use(name, statement);
      } else if (statement.kind === 'import' || statement.kind === 'names') {
        const pair = statement.pairs.find(({ alias }) => alias === known);
        if (pair === undefined && statement.whole !== known) continue;
        found = true;
        this.use(name, statement);
        (statement.used ??= new Set()).add(known);
        const target = statement.from === null ? name : this.resolve(name, statement.from);
        if (target === null) continue;
        if (pair === undefined) this.all(target);
        else if (statement.from !== null || pair.name !== known) this.export(target, pair.name);
      }
    }
    return found;
  }

  /** Marks a name that a file exports, perhaps by an `export *`. @returns whether it does */
  export(name, known) {
    this.effects(name);
    if (this.name(name, known)) return true;
    return this.files.get(name).statements.some((statement) => {
      if (statement.kind !== 'all') return false;
      const had = this.export(this.resolve(name, statement.from), known);
      if (had) this.use(name, statement);
      return had;
    });
  }

  use(name, statement) {
    const { needed } = this.files.get(name);
    if (needed.has(statement)) return;
    needed.add(statement);
    this.effects(name);
    if (statement.kind !== 'declared' && statement.kind !== 'module') return;
    for (const [, from, known] of statement.code.matchAll(/\bimport\('([^']+)'\)\.(\w+)/g)) {
      const target = this.resolve(name, from);
      if (target !== null) this.export(target, known);
    }
    for (const known of new Set(bare(statement.code).match(/[A-Za-z_$][\w$]*/g))) {
      if (known !== statement.name) this.name(name, known);
    }
  }
}

/** The text of a marked statement; an import only has the names that are used. */
function write({ kind, comments, code, pairs, used }) {
  if (kind !== 'import' || pairs.length === 0) return comments + code;
  const kept = pairs.filter(({ alias }) => used.has(alias)).map(({ text }) => text);
  return comments + code.replace(/\{[^}]*\}/, () => `{ ${kept.join(', ')} }`);
}

/** The files of types/ by name, made from tsc's output in `folder`. */
export function publicTypes(folder) {
  const files = readAll(folder);
  const reach = new Reach(files);
  for (const entry of ENTRIES) if (files.has(entry)) reach.all(entry);
  const made = new Map();
  for (const [name, { statements, rest, needed }] of files) {
    if (needed.size === 0) continue;
    const kept = statements
      .filter((statement) => needed.has(statement))
      .map(write)
      .join('');
    // Without an import or export it would not be a module.
    const isModule = /^(?:import|export)\b/m.test(kept);
    made.set(name, `${kept.trimStart()}${isModule ? '' : '\nexport {};'}${rest || '\n'}`);
  }
  return made;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const out = join(ROOT, 'types');
  rmSync(out, { recursive: true, force: true });
  for (const [name, text] of publicTypes(join(ROOT, 'build/types'))) {
    mkdirSync(dirname(join(out, name)), { recursive: true });
    writeFileSync(join(out, name), text);
  }
}
