/**
 * What answers which path. Which of several patterns that take a path wins is said at the tree; one
 * that does not take the method is passed by.
 */
import type { RawBuffer } from '../../core/support/raw-buffer.ts';
import { parsePattern, normalize } from './pattern.ts';
import type { Pattern } from './pattern.ts';
import { decoded, PathTree } from './path-tree.ts';
import type { Leaf } from './path-tree.ts';

/** What a pattern leads to, for each method. */
export class Entry<E> implements Leaf {
  readonly pattern: Pattern;
  readonly methods: Map<string, Declared<E>> = new Map();
  /** What answers every method; then there is nothing in `methods`. */
  any: Declared<E> | null = null;

  constructor(pattern: Pattern) {
    this.pattern = pattern;
  }

  takes(wanted: string | Leaf[]): boolean {
    if (typeof wanted === 'string') return this.get(wanted) !== undefined;
    wanted.push(this);
    return false;
  }

  get(method: string): Declared<E> | undefined {
    if (this.any !== null) return this.any;
    // Who answers GET answers HEAD.
    return this.methods.get(method) ?? (method === 'HEAD' ? this.methods.get('GET') : undefined);
  }

  /** Those that it answers, as Allow has them. */
  get allowed(): string[] {
    const methods = [...this.methods.keys()];
    return methods.includes('GET') && !methods.includes('HEAD') ? [...methods, 'HEAD'] : methods;
  }
}

/** What was declared for a method, under names of its own for the parameters. */
export interface Declared<E> {
  readonly endpoint: E;
  readonly pattern: Pattern;
}

/** What a path with parameters had for them. */
export class Found {
  readonly #pattern: Pattern;
  /** Where the values begin and end, in turn. */
  readonly #bounds: readonly number[];
  /** The path in which they do, unless it is as it was sent, and nothing in it is an escape. */
  readonly #normal: string | null;
  #params: Record<string, string> | null = null;

  constructor(pattern: Pattern, bounds: readonly number[], normal: string | null) {
    this.#pattern = pattern;
    this.#bounds = bounds;
    this.#normal = normal;
  }

  /** Names and decoded values. */
  params(sent: { readonly path: string }): Record<string, string> {
    return (this.#params ??= this.#read(this.#normal ?? sent.path));
  }

  #read(path: string): Record<string, string> {
    const { names, blank } = this.#pattern;
    const params = { ...blank };
    // Most have one or two, and most routes the same names for them: V8 knows a name that was the
    // same each time at its place in the code.
    if (names.length > 0) params[names[0]!] = this.#value(path, 0);
    if (names.length > 1) params[names[1]!] = this.#value(path, 1);
    for (let i = 2; i < names.length; i++) params[names[i]!] = this.#value(path, i);
    return params;
  }

  #value(path: string, index: number): string {
    const value = path.slice(this.#bounds[2 * index]!, this.#bounds[2 * index + 1]!);
    return this.#normal === null ? value : decoded(value);
  }

  /** What the `*` at the end stands for, as it was sent. */
  rest(path: string): string {
    let at = 0;
    for (const { kind } of this.#pattern.segments) {
      at = path.indexOf('/', at) + 1;
      if (kind === 'rest') return path.slice(at);
    }
    return '';
  }
}

/** A malformed path: its escapes are broken. */
export const BROKEN: unique symbol = Symbol('broken');

export class Router<E> {
  readonly #tree = new PathTree<Entry<E>>();
  /** Every pattern as it was written. */
  readonly #declared = new Map<string, Pattern>();
  /** The path of the last look-up, when it is another than was sent. */
  #normal: string | null = null;

  /** Whether there is nothing in it. */
  get isEmpty(): boolean {
    return this.#declared.size === 0;
  }

  /**
   * @param method - null for all
   * @throws TypeError when the path is malformed, or the same is declared already
   */
  add(path: string, method: string | null, endpoint: E): void {
    const pattern = parsePattern(path);
    const entry = this.#entry(pattern);
    const before =
      entry.any ?? (method === null ? [...entry.methods.values()][0] : entry.methods.get(method));
    if (before !== undefined) throw conflict(path, before.pattern.path, method);
    this.#declared.set(path, pattern);
    if (method === null) entry.any = { endpoint, pattern };
    else entry.methods.set(method, { endpoint, pattern });
  }

  /** What answers a path that is known to have no escapes, where it stands in a request. */
  find(bytes: RawBuffer, start: number, end: number, method: string): Declared<E> | null {
    this.#normal = null;
    return this.#tree.find(bytes, start, end, method)?.get(method) ?? null;
  }

  /** What answers any path. */
  findText(path: string, method: string): Declared<E> | null | typeof BROKEN {
    const normal = normalize(path);
    if (normal === null) return BROKEN;
    const found = this.find(bytesOf(normal), 0, normal.length, method);
    this.#normal = normal;
    return found;
  }

  /** What the path of the last look-up had for the parameters of what was found; null for none. */
  found({ pattern }: Declared<E>): Found | null {
    const count = 2 * pattern.names.length;
    if (count === 0) return null;
    const { bounds } = this.#tree;
    const own =
      count === 4 ? [bounds[0]!, bounds[1]!, bounds[2]!, bounds[3]!] : bounds.slice(0, count);
    return new Found(pattern, own, this.#normal);
  }

  /** What takes the path with other methods, the first choice first. */
  others(path: string): Entry<E>[] {
    return this.#tree.all(bytesOf(normalize(path) ?? path));
  }

  /** @throws TypeError unless a route was declared with this path */
  pattern(path: string): Pattern {
    const pattern = this.#declared.get(path);
    if (pattern !== undefined) return pattern;
    throw new TypeError(`no route is declared as ${path}`);
  }

  /** Every path as it was declared, with its methods; null stands for all. */
  *list(): IterableIterator<[path: string, methods: string[] | null]> {
    for (const [path, pattern] of this.#declared) {
      const { any, methods } = this.#entry(pattern);
      yield [path, any === null ? [...methods.keys()] : null];
    }
  }

  #entry(pattern: Pattern): Entry<E> {
    return this.#tree.leaf(pattern, () => new Entry(pattern));
  }
}

function bytesOf(path: string): RawBuffer {
  return Buffer.from(path, 'latin1') as RawBuffer;
}

function conflict(path: string, before: string, method: string | null): TypeError {
  const what = method === null ? 'route' : `route ${method}`;
  if (path === before) return new TypeError(`${what} ${path} is declared twice`);
  return new TypeError(`${what} ${path} takes the same paths as ${before}, which is declared, too`);
}
