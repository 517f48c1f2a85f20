/** The grammar of a route's path, in types and in values. */

/** Names and values that a path like `/users/:id/files/*rest` gives to its handler. */
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

/** One piece of a path between two slashes. */
export type Segment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'param'; readonly name: string; readonly regex: RegExp | null }
  | { readonly kind: 'rest'; readonly name: string };

/** A path as it was declared, taken apart. */
export interface Pattern {
  readonly path: string;
  readonly segments: readonly Segment[];
  /** Names of its parameters, in order. */
  readonly names: readonly string[];
  /** An object with these names: one that is copied and filled costs less than one that grows. */
  readonly blank: Readonly<Record<string, string>>;
}

const NAME = /^[A-Za-z_$][\w$]*$/;

/**
 * Takes a path apart. A parameter is a whole segment: `:id`, or `:id(\\d+)` with what it must be;
 * `*rest` (or `*`) comes last and takes all that follows, slashes and nothing included.
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
  // As keys, names are the same strings in all patterns, which V8 tells apart by where they are.
  return { path, segments, names: Object.keys(blank), blank };
}

/** At the slashes that stand in no regex. */
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

/** What no request has in its path would never be answered. */
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

/** What stands in a segment without an escape (RFC 3986, 3.3). */
const PLAIN = /%(?:21|24|26|27|28|29|2A|2B|2C|3A|3B|3D|40)/g;

/**
 * The one way to write a path of those that mean the same (RFC 3986, 6.2.2): escapes only where
 * they are needed, in capitals. A slash that was an escape stays one. Null for broken escapes.
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
