/** The grammar of route paths, as types and at run time. */

/** The parameters of a path such as `/users/:id/files/*rest`, as passed to its handler. */
export type PathParams<Path extends string> = string extends Path
  ? Readonly<Record<string, string>>
  : { readonly [Name in ParamNames<Path>]: string };

type ParamNames<Path extends string> = Path extends `${infer Segment}/${infer Rest}`
  ? ParamName<Segment> | ParamNames<Rest>
  : ParamName<Path>;

type ParamName<Segment extends string> = Segment extends `:${infer Name}(${string}`
  ? Name
  : Segment extends `:${infer Name}`
    ? Name
    : Segment extends '*'
      ? '*'
      : Segment extends `*${infer Name}`
        ? Name
        : never;

/** A part of a path between slashes. */
export type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'param'; readonly name: string; readonly regex: RegExp | null }
  | { readonly kind: 'rest'; readonly name: string };

/** A parsed route path. */
export interface Pattern {
  readonly path: string;
  readonly segments: readonly Segment[];
  /** The names of its parameters, in order. */
  readonly names: readonly string[];
  /** An object with these keys: copying and filling it is faster than adding keys one by one. */
  readonly blank: Readonly<Record<string, string>>;
}

const NAME = /^[A-Za-z_$][\w$]*$/;

/**
 * Parses a path. A parameter is a whole segment: `:id`, or `:id(\\d+)` with a regex for its value;
 * `*rest` (or `*`) is the last segment and matches everything that follows, including slashes, and
 * nothing at all.
 * @throws TypeError that names the path and says what is wrong with it
 */
export function parsePattern(path: string): Pattern {
  if (!path.startsWith('/')) throw new TypeError(`route ${path} must start with /`);
  const names: string[] = [];
  const segments = split(path).map((text, index, all): Segment => {
    const segment = parseSegment(path, text);
    if (segment.kind === 'text') return segment;
    if (segment.kind === 'rest' && index !== all.length - 1) {
      throw new TypeError(`route ${path}: *${text.slice(1)} takes the rest, so it must come last`);
    }
    if (names.includes(segment.name)) {
      throw new TypeError(`route ${path}: two parameters are called '${segment.name}'`);
    }
    names.push(segment.name);
    return segment;
  });
  const blank = Object.fromEntries(names.map((name) => [name, '']));
  // Read back from keys, since those are internalized: equal names are the same string, which V8
  // compares by address.
  return { path, segments, names: Object.keys(blank), blank };
}

/** Splits at slashes outside of regexes. */
function split(path: string): string[] {
  const segments: string[] = [];
  let depth = 0;
  let inClass = false;
  let start = 1;
  for (let at = 1; at < path.length; at++) {
    const char = path[at];
    const inRegex = depth > 0;
    if (inRegex && char === '\\') at += 1;
    else if (inRegex && char === '[') inClass = true;
    else if (inRegex && char === ']') inClass = false;
    else if (inClass) continue;
    else if (char === '(' && (inRegex || path[start] === ':')) depth += 1;
    else if (inRegex && char === ')') depth -= 1;
    else if (!inRegex && char === '/') {
      segments.push(path.slice(start, at));
      start = at + 1;
    }
  }
  if (depth !== 0) throw new TypeError(`route ${path}: a parenthesis is not closed`);
  segments.push(path.slice(start));
  return segments;
}

function parseSegment(path: string, text: string): Segment {
  if (text.startsWith(':')) return parseParam(path, text);
  if (text.startsWith('*')) {
    const name = text.slice(1) || '*';
    if (name !== '*') checkName(path, name);
    return { kind: 'rest', name };
  }
  checkText(path, text);
  const normal = normalize(text);
  if (normal === null) throw new TypeError(`route ${path}: its escapes are broken`);
  return { kind: 'text', text: normal };
}

/** Refuses text that cannot occur in the path of a request, as such a route would never match. */
function checkText(path: string, text: string): void {
  if (!/^[\x21-\x7e]*$/.test(text)) {
    throw new TypeError(`route ${path}: a path is written as it is sent, with escapes (encodeURI)`);
  }
  if (/[?#]/.test(text)) {
    throw new TypeError(`route ${path}: a path has no query and no fragment`);
  }
  if (/\*|^\{/.test(text)) {
    throw new TypeError(
      `route ${path}: patterns like ${text} are not known; write :name, :name(regex) or *name ` +
        'as a whole segment',
    );
  }
}

function parseParam(path: string, text: string): Segment {
  const open = text.indexOf('(');
  const name = open === -1 ? text.slice(1) : text.slice(1, open);
  checkName(path, name);
  if (open === -1) return { kind: 'param', name, regex: null };
  if (!text.endsWith(')')) {
    throw new TypeError(`route ${path}: nothing may follow the regex of :${name} in its segment`);
  }
  try {
    return { kind: 'param', name, regex: new RegExp(`^(?:${text.slice(open + 1, -1)})$`) };
  } catch (error) {
    throw new TypeError(`route ${path}: the regex of :${name}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function checkName(path: string, name: string): void {
  if (NAME.test(name) && name !== '__proto__') return;
  throw new TypeError(
    `route ${path}: '${name}' is no name for a parameter, which is a whole segment ` +
      'and has letters, digits and _',
  );
}

/** Escapes of characters that need none in a segment (RFC 3986, 3.3). */
const PLAIN = /%(?:21|24|26|27|28|29|2A|2B|2C|3A|3B|3D|40)/g;

/**
 * Normalizes a path, so that equivalent ones are equal (RFC 3986, 6.2.2): only necessary escapes
 * are kept, in upper case. An escaped slash stays escaped. Null if an escape is invalid.
 */
export function normalize(path: string): string | null {
  if (!path.includes('%')) return path;
  try {
    return path
      .split('/')
      .map((segment) => encodeURIComponent(decodeURIComponent(segment)).replace(PLAIN, decodeOne))
      .join('/');
  } catch {
    return null;
  }
}

function decodeOne(escape: string): string {
  return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
}
