/**
 * What the package exports, read from the declarations in types/ as text: TypeScript 7 has no
 * JavaScript API. It knows the shapes that tsc writes, and no more.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { ROOT } from './root.ts';

const TYPES = join(ROOT, 'types');

/** What can be imported: `oxbow`, `oxbow/http`, … */
export type Entry = 'index' | 'http' | 'testing' | 'node';

/** A parameter of a function, method or constructor. */
export interface Parameter {
  readonly name: string;
  readonly type: string;
}

/** One signature. */
export interface Signature {
  /** `gather`, `new Queue`, `Queue.get`, `static CancelScope.run`. */
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** Where it is declared. */
  readonly file: string;
}

/** The text without comments; what is marked as internal is kept as a mark. */
function withoutComments(text: string): string {
  const mark = (comment: string): string => (comment.includes('@internal') ? ' @internal ' : ' ');
  return text.replace(/\/\*[^]*?\*\//g, mark).replace(/\/\/.*$/gm, '');
}

const files = new Map<string, string>();
for (const name of readdirSync(TYPES, { recursive: true }) as string[]) {
  if (name.endsWith('.d.ts')) {
    files.set(join(TYPES, name), withoutComments(readFileSync(join(TYPES, name), 'utf8')));
  }
}

const OPENING = '([{<';
const CLOSING = ')]}>';

/** Where the bracket that opens at `start` is closed. */
function closing(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const letter = text[at]!;
    if (letter === "'" || letter === '"' || letter === '`') at = text.indexOf(letter, at + 1);
    else if (letter === '=' && text[at + 1] === '>') at++;
    else if (OPENING.includes(letter)) depth++;
    else if (CLOSING.includes(letter) && --depth === 0) return at;
  }
  throw new Error(`nothing closes ${text.slice(start, start + 60)}`);
}

/** Splits where no bracket is open. */
function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]!;
    if (letter === "'" || letter === '"' || letter === '`') at = text.indexOf(letter, at + 1);
    else if (letter === '=' && text[at + 1] === '>') at++;
    else if (OPENING.includes(letter)) at = closing(text, at);
    else if (letter === separator) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function parametersOf(text: string): Parameter[] {
  return split(text, ',').map((each) => {
    const [, name, type] = /^(?:\.\.\.)?(\w+)\??\s*:\s*([^]*)$/.exec(each) ?? [];
    return { name: name ?? each, type: type ?? '' };
  });
}

/** The signature that begins with the name of the function, at `text[0]`. */
function signature(name: string, file: string, text: string): Signature | null {
  let at = text.search(/[<(]/);
  if (text[at] === '<') at = text.indexOf('(', closing(text, at));
  if (at === -1) return null;
  return { name, file, parameters: parametersOf(text.slice(at + 1, closing(text, at))) };
}

/** A member of a class or an interface, and what it is: `name: type` or a signature. */
interface Member {
  readonly name: string;
  readonly text: string;
  readonly isStatic: boolean;
}

const MODIFIERS = /^(?:(?:static|readonly|abstract|override|get|set|declare|async)\s+)+/;

function membersOf(body: string): Member[] {
  const found: Member[] = [];
  for (const whole of split(body, ';')) {
    if (/^@internal|^(?:private|protected)\b/.test(whole)) continue;
    const text = whole.replace(MODIFIERS, '');
    const name = /^(?:\[[^\]]*\]|#?\w+|(?=\())/.exec(text)?.[0];
    if (name === undefined || name === '' || /^[_#[]/.test(name)) continue;
    found.push({ name, text, isStatic: /^static\b/.test(whole) });
  }
  return found;
}

/** A class or interface. */
interface Shape {
  readonly name: string;
  readonly file: string;
  readonly kind: 'class' | 'interface';
  readonly bases: readonly string[];
  readonly members: readonly Member[];
}

const shapes = new Map<string, Shape[]>();
for (const [file, text] of files) {
  for (const match of text.matchAll(/\s(?:abstract\s+)?(class|interface)\s+(\w+)/g)) {
    const [whole, kind, name] = match;
    let open = match.index + whole.length;
    if (text[open] === '<') open = closing(text, open) + 1;
    const brace = text.indexOf('{', open);
    const [, extended = ''] =
      /^\s*extends\s+([^]*?)(?:\simplements\s[^]*)?$/.exec(text.slice(open, brace)) ?? [];
    const bases = split(extended, ',').map((base) => /^\w+/.exec(base)?.[0] ?? base);
    const members = membersOf(text.slice(brace + 1, closing(text, brace)));
    const known = shapes.get(name!) ?? [];
    known.push({ name: name!, file, kind: kind as Shape['kind'], bases, members });
    shapes.set(name!, known);
  }
}

function resolve(file: string, from: string): string {
  return join(dirname(file), from.replace(/\.ts$/, '.d.ts'));
}

/** What a name means in a file: one that it declares, imports, or that there is but once. */
function shapesIn(name: string, file: string): Shape[] {
  const all = shapes.get(name) ?? [];
  const own = all.filter((shape) => shape.file === file);
  if (own.length > 0) return own;
  for (const [, names, from] of files
    .get(file)!
    .matchAll(/import\s+(?:type\s+)?\{([^}]*)\}\s+from\s+'([^']+)'/g)) {
    for (const each of split(names!, ',')) {
      const [given, alias = given] = each.replace(/^type\s+/, '').split(/\s+as\s+/);
      if (alias === name) return all.filter((shape) => shape.file === resolve(file, from!));
    }
  }
  return all;
}

/** Names that an entry point exports, and in which file each is declared. */
function exportsOf(file: string): Map<string, string> {
  const found = new Map<string, string>();
  const text = files.get(file)!;
  for (const [, names, from] of text.matchAll(
    /export\s+(?:type\s+)?\{([^}]*)\}\s+from\s+'([^']+)'/g,
  )) {
    for (const each of split(names!, ',')) {
      const [name, alias = name] = each.replace(/^type\s+/, '').split(/\s+as\s+/);
      const deeper = exportsOf(resolve(file, from!));
      found.set(alias!, deeper.get(name!) ?? resolve(file, from!));
    }
  }
  for (const [, from] of text.matchAll(/export\s+\*\s+from\s+'([^']+)'/g)) {
    for (const [name, where] of exportsOf(resolve(file, from!))) found.set(name, where);
  }
  for (const [, name] of text.matchAll(
    /export\s+declare\s+(?:abstract\s+)?(?:function|class|const|type|interface)\s+(\w+)/g,
  )) {
    found.set(name!, file);
  }
  return found;
}

/** The names that `oxbow`, `oxbow/http` or `oxbow/testing` exports, types with them. */
export function exportedNames(entry: Entry): string[] {
  return [...exportsOf(join(TYPES, `${entry}.d.ts`)).keys()];
}

/** The classes that an entry point exports, also those of which it exports the type only. */
export function classesOf(entry: Entry): string[] {
  return [...exportsOf(join(TYPES, `${entry}.d.ts`))]
    .filter(([name, file]) => shapesIn(name, file).some(({ kind }) => kind === 'class'))
    .map(([name]) => name);
}

/** Every signature of what an entry point exports: its functions, and its classes' methods. */
export function signaturesOf(entry: Entry): Signature[] {
  const found: Signature[] = [];
  const seen = new Set<string>();
  for (const [name, file] of exportsOf(join(TYPES, `${entry}.d.ts`))) {
    const text = files.get(file)!;
    for (const { index, 0: head } of text.matchAll(
      new RegExp(`export declare function ${name}(?=[<(])`, 'g'),
    )) {
      const made = signature(name, file, text.slice(index + head.length));
      if (made !== null) found.push(made);
    }
    addMethods(name, found, seen);
  }
  return found;
}

function addMethods(name: string, found: Signature[], seen: Set<string>): void {
  if (seen.has(name)) return;
  seen.add(name);
  for (const shape of shapes.get(name) ?? []) {
    for (const { name: member, text, isStatic } of shape.members) {
      if (!/^\w+\??(?:<|\()/.test(text)) continue;
      const full =
        member === 'constructor' ? `new ${name}` : `${isStatic ? 'static ' : ''}${name}.${member}`;
      const made = signature(full, shape.file, text);
      if (made !== null) found.push(made);
    }
    for (const base of shape.bases) addMethods(base, found, seen);
  }
}

/** The members of an option type: a name, or an inline type, or several joined by `&`. */
export function optionsOf(type: string, file: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of split(type, '&').flatMap((each) => split(each, '|'))) {
    if (part.startsWith('(')) {
      for (const [key, each] of optionsOf(part.slice(1, -1), file)) found.set(key, each);
      continue;
    }
    if (part.startsWith('{')) {
      for (const { name, text } of membersOf(part.slice(1, -1))) found.set(name, typeOf(text));
      continue;
    }
    // Arguments of which the last one may be options.
    const behind = /^ArgumentsAndOptions<(.*)>$/.exec(part);
    if (behind !== null) return optionsOf(behind[1]!, file);
    const [name] = /^\w+/.exec(part) ?? [''];
    for (const { bases, members, kind, file: where } of shapesIn(name, file)) {
      if (kind !== 'interface') continue;
      for (const base of bases) {
        for (const [key, each] of optionsOf(base, where)) found.set(key, each);
      }
      for (const { name: key, text } of members) found.set(key, typeOf(text));
    }
  }
  return found;
}

function typeOf(member: string): string {
  return member.replace(/^\w+\??\s*:?\s*/, '');
}
